import { EventTime, fromMicroseconds, type UserId } from '@activity-feed/contracts';
import fc from 'fast-check';
import { decodeListCursor, encodeListCursor } from '../../libs/backend/src/list-cursor';
import { DAY } from '../../services/feed/src/activity/durations';
import { toPagePosition } from '../../services/feed/src/activity/positions';
import { decodeCursor, encodeCursor } from '../../services/feed/src/page/page-cursor';
import { decodeGroupCursor, encodeGroupCursor } from '../../services/feed/src/read-groups/group-cursor';
import { forgedGroupCursors, forgedListCursors, forgedPageCursors } from '../harness/forged-cursors';

const RUNS = { numRuns: 1_000 };
const isTime = (time: string) => EventTime.safeParse(time).success;

describe('a forged cursor is rejected or decoded to a valid position', () => {
  it('for groups, whose next day is valid too', () => {
    fc.assert(
      fc.property(forgedGroupCursors, (cursor) => {
        const position = decodeGroupCursor(cursor);
        if (!position) return;
        expect(Number.isSafeInteger(position.firstTime)).toBe(true);
        for (const time of [position.firstTime, position.firstTime + DAY]) {
          expect(isTime(fromMicroseconds(BigInt(time)))).toBe(true);
        }
        expect(decodeGroupCursor(encodeGroupCursor(position))).toEqual(position);
      }),
      RUNS,
    );
  });

  it('for entries', () => {
    fc.assert(
      fc.property(forgedPageCursors, (cursor) => {
        const position = decodeCursor(cursor);
        if (!position) return;
        expect(isTime(toPagePosition(position).time)).toBe(true);
        expect(encodeCursor(position)).toBe(cursor);
      }),
      RUNS,
    );
  });

  it.each([
    ['likes', ''],
    ['shares', 's'],
  ] as const)('for %s', (list, prefix) => {
    fc.assert(
      fc.property(forgedListCursors, (text) => {
        const cursor = prefix + text;
        const position = decodeListCursor(list, cursor);
        if (!position) return;
        expect(isTime(position.time)).toBe(true);
        expect(position.userId).toBeGreaterThan(0 as UserId);
        expect(encodeListCursor(list, position)).toBe(cursor);
      }),
      RUNS,
    );
  });
});
