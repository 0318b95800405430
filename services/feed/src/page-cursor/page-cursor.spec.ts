import { type EventId, fromMicroseconds, MAX_MICROSECONDS } from '@activity-feed/contracts';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './page-cursor';

describe('page cursor', () => {
  it('keeps a position to the microsecond', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX_MICROSECONDS), fc.uuid(), (microseconds, eventId) => {
        const position = { time: fromMicroseconds(microseconds), eventId: eventId as EventId };
        expect(decodeCursor(encodeCursor(position))).toEqual(position);
      }),
    );
  });

  it.each(['', 'x', 'z'.repeat(31), 'z'.repeat(33), `${'A'.repeat(31)}=`, '_'.repeat(32), 'f'.repeat(32)])(
    'does not read %p',
    (text) => {
      expect(decodeCursor(text)).toBeUndefined();
    },
  );
});
