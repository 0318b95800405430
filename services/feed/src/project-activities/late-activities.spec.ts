import { closedHours } from './late-activities';

const NOW = Date.parse('2019-02-10T12:01:30Z');

describe('the closed hours among times', () => {
  it('are those before the open one, each once', () => {
    const times = ['2019-02-10T11:59:59.999999', '2019-02-10T11:00:00.000000', '2019-02-09T12:30:00.000000'];
    expect(
      closedHours(
        times.map((time) => `${time}+00:00`),
        NOW,
      ),
    ).toEqual(['2019-02-10T11:00:00+00:00', '2019-02-09T12:00:00+00:00']);
  });

  it('are none where everything is of this hour, or of one to come', () => {
    const times = ['2019-02-10T12:00:00.000000+00:00', '2019-02-10T13:00:00.000000+00:00'];
    expect(closedHours(times, NOW)).toEqual([]);
  });
});
