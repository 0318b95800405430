import { closedHours } from './late-activities';

const NOW = Date.parse('2019-02-10T12:01:30Z');

describe('closedHours', () => {
  it('returns each hour before the open one once', () => {
    const times = ['2019-02-10T11:59:59.999999', '2019-02-10T11:00:00.000000', '2019-02-09T12:30:00.000000'];
    expect(
      closedHours(
        times.map((time) => `${time}+00:00`),
        NOW,
      ),
    ).toEqual(['2019-02-10T11:00:00+00:00', '2019-02-09T12:00:00+00:00']);
  });

  it('returns nothing for the open hour and later ones', () => {
    const times = ['2019-02-10T12:00:00.000000+00:00', '2019-02-10T13:00:00.000000+00:00'];
    expect(closedHours(times, NOW)).toEqual([]);
  });
});
