import { type Microseconds, OBJECT_TYPES, VERBS } from '@activity-feed/contracts';
import fc from 'fast-check';
import { encodeCursor } from '../page/page-cursor';
import { decodeGroupCursor, encodeGroupCursor } from './group-cursor';

const positions = fc.record({
  firstTime: fc.maxSafeNat().map((time) => time as Microseconds),
  actorId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  verb: fc.constantFrom(...VERBS),
  objectType: fc.constantFrom('', ...OBJECT_TYPES),
});

describe('the cursor of a page of groups', () => {
  it('is decoded to the encoded position', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(decodeGroupCursor(encodeGroupCursor(position))).toEqual(position);
      }),
    );
  });

  it.each(['', 'abc', '_'.repeat(20), 'A'.repeat(19), 'A'.repeat(21), `${'A'.repeat(16)}_AAA`, 'AAAAAAAAAAH_____AAAA'])(
    'is not decoded from %p',
    (text) => {
      expect(decodeGroupCursor(text)).toBeUndefined();
    },
  );

  it('is not decoded from the cursor of a page of entries', () => {
    expect(decodeGroupCursor(encodeCursor({ time: 1 as Microseconds, id: [1, 2, 3, 4] }))).toBeUndefined();
  });
});
