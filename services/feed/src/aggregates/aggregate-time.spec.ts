import { bucketStart, closedUntil, memoryDays, memoryHours } from './aggregate-time';

const at = (time: string) => Date.parse(`2019-02-10T${time}Z`);
const DAY_BEFORE = Date.parse('2019-02-09T00:00:00Z');
const MIDNIGHT = at('00:00:00');

describe('aggregate times', () => {
  it('starts buckets at whole hours and days in UTC', () => {
    expect(bucketStart('hour', at('12:59:59.999'))).toBe(at('12:00:00'));
    expect(bucketStart('day', at('12:59:59.999'))).toBe(MIDNIGHT);
    expect(bucketStart('hour', at('12:00:00'))).toBe(at('12:00:00'));
  });

  it('closes a bucket some minutes after its end', () => {
    expect(closedUntil('hour', at('13:02:59'))).toBe(at('12:00:00'));
    expect(closedUntil('hour', at('13:03:00'))).toBe(at('13:00:00'));
    expect(closedUntil('day', at('00:09:59'))).toBe(DAY_BEFORE);
    expect(closedUntil('day', at('00:10:00'))).toBe(MIDNIGHT);
  });

  it('keeps yesterday in memory until its refresh can have finished', () => {
    expect(memoryDays(at('00:29:59'))).toBe(DAY_BEFORE);
    expect(memoryDays(at('00:30:00'))).toBe(MIDNIGHT);
    for (const time of ['00:05:00', '00:29:00', '00:31:00', '23:59:59'].map(at)) {
      expect(closedUntil('day', time)).toBeLessThanOrEqual(bucketStart('day', time));
      if (memoryDays(time) === MIDNIGHT) expect(closedUntil('day', time)).toBe(MIDNIGHT);
    }
  });

  it('keeps the current hour and the previous one in memory', () => {
    expect(memoryHours(at('12:00:00'))).toBe(at('11:00:00'));
    expect(memoryHours(at('12:59:59'))).toBe(at('11:00:00'));
  });
});
