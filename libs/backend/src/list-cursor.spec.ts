import { fromMicroseconds, MAX_MICROSECONDS, type UserId } from '@activity-feed/contracts';
import fc from 'fast-check';
import { decodeListCursor, encodeListCursor } from './list-cursor';

const positions = fc.record({
  time: fc.bigInt({ min: 0n, max: MAX_MICROSECONDS }).map(fromMicroseconds),
  userId: fc.integer({ min: 1, max: 2 ** 31 - 1 }).map((id) => id as UserId),
});

describe.each([
  { list: 'likes', other: 'shares', prefix: '' },
  { list: 'shares', other: 'likes', prefix: 's' },
  { list: 'followers', other: 'following', prefix: 'f' },
  { list: 'following', other: 'followers', prefix: 'g' },
] as const)('the cursor of a page of $list', ({ list, other, prefix }) => {
  it('decodes to the position that was encoded', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(decodeListCursor(list, encodeListCursor(list, position))).toEqual(position);
      }),
    );
  });

  it(`is not one of ${other}`, () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(decodeListCursor(list, encodeListCursor(other, position))).toBeUndefined();
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['text', 'abc'],
    ['no base64url', `${prefix}${'A'.repeat(15)}=`],
    ['a character less', `${prefix}${'A'.repeat(15)}`],
    ['the cursor of a feed', 'A'.repeat(32)],
    ['the cursor of a grouped feed', 'A'.repeat(20)],
    ['a time beyond the year 9999', `${prefix}${'_'.repeat(16)}`],
    ['a user’s id of 0', `${prefix}${'A'.repeat(16)}`],
    ['a user’s id that is no integer of PostgreSQL', `${prefix}AAAAAAAAAACAAAAA`],
  ])('is not %s', (_case, text) => {
    expect(decodeListCursor(list, text)).toBeUndefined();
  });
});
