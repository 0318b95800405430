import { fromMicroseconds, MAX_MICROSECONDS } from '@activity-feed/contracts';
import fc from 'fast-check';
import { decodeCommentCursor, encodeCommentCursor } from './comment-cursor';

describe('the cursor of a list of comments', () => {
  it('encodes a position with microsecond precision', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_MICROSECONDS }), fc.maxSafeNat(), (microseconds, id) => {
        const position = { time: fromMicroseconds(microseconds), id };
        expect(decodeCommentCursor(encodeCommentCursor(position))).toEqual(position);
      }),
    );
  });

  it.each([
    '',
    'x',
    'A'.repeat(16),
    'A'.repeat(20),
    'A'.repeat(21),
    'A'.repeat(23),
    'A'.repeat(32),
    '_'.repeat(22),
    `${'A'.repeat(11)}${'_'.repeat(11)}`,
    `${'A'.repeat(21)}=`,
  ])('is not decoded from %p', (text) => {
    expect(decodeCommentCursor(text)).toBeUndefined();
  });
});
