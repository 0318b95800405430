import {
  COMMENT_ORDERS,
  type EventTime,
  fromMicroseconds,
  MAX_MICROSECONDS,
  OBJECT_TYPES,
} from '@activity-feed/contracts';
import fc from 'fast-check';
import { type CommentList, decodeCommentCursor, encodeCommentCursor } from './comment-cursor';

const lists = fc.record({
  object: fc.record({ type: fc.constantFrom(...OBJECT_TYPES), id: fc.maxSafeNat() }),
  order: fc.constantFrom(...COMMENT_ORDERS),
});
const positions = fc.record({
  time: fc.bigInt({ min: 0n, max: MAX_MICROSECONDS }).map(fromMicroseconds),
  id: fc.maxSafeNat(),
});

const LIST: CommentList = { object: { type: 'post', id: 21 }, order: 'oldest' };
const CURSOR = encodeCommentCursor(LIST, { time: '2019-02-10T12:01:30.894037+00:00' as EventTime, id: 9 });

describe('the cursor of a list of comments', () => {
  it('encodes a position with microsecond precision', () => {
    fc.assert(
      fc.property(lists, positions, (list, position) => {
        expect(decodeCommentCursor(list, encodeCommentCursor(list, position))).toEqual(position);
      }),
    );
  });

  it.each<[string, CommentList]>([
    ['of another object', { ...LIST, object: { type: 'post', id: 22 } }],
    ['of an object of another type with the same id', { ...LIST, object: { type: 'photo', id: 21 } }],
    ['of the same object in the other order', { ...LIST, order: 'newest' }],
  ])('is not one of a list %s', (_case, list) => {
    expect(decodeCommentCursor(LIST, CURSOR)).toBeDefined();
    expect(decodeCommentCursor(list, CURSOR)).toBeUndefined();
  });

  it.each([
    '',
    'x',
    'A'.repeat(16),
    'A'.repeat(20),
    'A'.repeat(22),
    'A'.repeat(32),
    CURSOR.slice(1),
    `${CURSOR}A`,
    `${CURSOR.slice(0, -1)}=`,
    `${CURSOR.slice(0, 14)}${'_'.repeat(21)}`,
    `${CURSOR.slice(0, 24)}${'_'.repeat(11)}`,
  ])('is not decoded from %p', (text) => {
    expect(decodeCommentCursor(LIST, text)).toBeUndefined();
  });
});
