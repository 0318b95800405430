import { fromMicroseconds, MAX_MICROSECONDS, type UserId } from '@activity-feed/contracts';
import fc from 'fast-check';
import { decodeLikesCursor, encodeLikesCursor } from './likes-cursor';

const positions = fc.record({
  time: fc.bigInt({ min: 0n, max: MAX_MICROSECONDS }).map(fromMicroseconds),
  userId: fc.integer({ min: 1, max: 2 ** 31 - 1 }).map((id) => id as UserId),
});

describe('the cursor of a page of likes', () => {
  it('decodes to the position that was encoded', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(decodeLikesCursor(encodeLikesCursor(position))).toEqual(position);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['text', 'abc'],
    ['no base64url', `${'A'.repeat(15)}=`],
    ['a character less', 'A'.repeat(15)],
    ['the cursor of a feed', 'A'.repeat(32)],
    ['the cursor of a grouped feed', 'A'.repeat(20)],
    ['a time beyond the year 9999', '_'.repeat(16)],
    ['a user’s id of 0', 'A'.repeat(16)],
    ['a user’s id that is no integer of PostgreSQL', 'AAAAAAAAAACAAAAA'],
  ])('is not %s', (_case, text) => {
    expect(decodeLikesCursor(text)).toBeUndefined();
  });
});
