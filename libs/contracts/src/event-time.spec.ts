import fc from 'fast-check';
import { EventTime, fromMicroseconds, MAX_MICROSECONDS, toMicroseconds } from './event-time';

describe('event time', () => {
  it('keeps every microsecond on the way there and back', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX_MICROSECONDS), (microseconds) => {
        const time = fromMicroseconds(microseconds);
        expect(EventTime.safeParse(time).success).toBe(true);
        expect(toMicroseconds(time)).toBe(microseconds);
      }),
    );
  });

  it.each(['2019-02-10T12:01:30.894Z', '2019-02-30T12:01:30.894037+00:00', '2019-02-10T25:01:30.894037+00:00'])(
    'refuses %s',
    (text) => {
      expect(EventTime.safeParse(text).success).toBe(false);
    },
  );
});
