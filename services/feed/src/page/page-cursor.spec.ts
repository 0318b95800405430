import { type EventId, fromMicroseconds, type Microseconds } from '@activity-feed/contracts';
import fc from 'fast-check';
import { toPagePosition, toPosition } from '../activity/positions';
import { decodeCursor, encodeCursor } from './page-cursor';

describe('the page cursor', () => {
  it('encodes a position with microsecond precision', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uuid(), (time, eventId) => {
        const position = { time: fromMicroseconds(time as Microseconds), eventId: eventId as EventId };
        const read = decodeCursor(encodeCursor(toPosition(position)));
        expect(read && toPagePosition(read)).toEqual(position);
      }),
    );
  });

  it.each(['', 'x', 'z'.repeat(31), 'z'.repeat(33), `${'A'.repeat(31)}=`, '_'.repeat(32), 'f'.repeat(32)])(
    'is not decoded from %p',
    (text) => {
      expect(decodeCursor(text)).toBeUndefined();
    },
  );
});
