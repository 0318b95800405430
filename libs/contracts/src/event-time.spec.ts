import fc from 'fast-check';
import { EventTime, fromMicroseconds, MAX_MICROSECONDS, toExactMicroseconds, toMicroseconds } from './event-time';

describe('an event time', () => {
  it('survives a round trip to microseconds', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX_MICROSECONDS), (microseconds) => {
        const time = fromMicroseconds(microseconds);
        expect(EventTime.safeParse(time).success).toBe(true);
        expect(toExactMicroseconds(time)).toBe(microseconds);
        expect(toMicroseconds(time)).toBe(Number(microseconds));
      }),
    );
  });

  it('accepts exactly the days that exist', () => {
    const digits = fc.record({ year: fc.integer({ min: 1970, max: 2400 }), month: fc.nat(13), day: fc.nat(32) });
    fc.assert(
      fc.property(digits, ({ year, month, day }) => {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const date = new Date(Date.UTC(year, month - 1, day));
        const exists = date.toISOString().startsWith(text);
        expect(EventTime.safeParse(`${text}T12:01:30.894037+00:00`).success).toBe(exists);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['.894Z', 'T24:01:30.894037+00:00', 'T12:60:30.894037+00:00', 'T12:01:60.894037+00:00', 'T12:01:30.894037Z'])(
    'is not a day with %s',
    (rest) => {
      expect(EventTime.safeParse(`2019-02-10${rest}`).success).toBe(false);
    },
  );
});
