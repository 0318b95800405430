import fc from 'fast-check';
import { decodeHistoryCursor, encodeHistoryCursor } from './history-cursor';

describe('the cursor of a page of versions', () => {
  it('decodes to the version that was encoded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (version) => {
        expect(decodeHistoryCursor(encodeHistoryCursor(version))).toBe(version);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['text', 'abc'],
    ['no base64url', `${'A'.repeat(7)}=`],
    ['the cursor of a list of likes', 'A'.repeat(16)],
    ['the cursor of a feed', 'A'.repeat(32)],
    ['version 0', 'A'.repeat(8)],
    ['a version that is no integer of PostgreSQL', '_'.repeat(8)],
    ['a version one above them', encodeHistoryCursor(2 ** 31)],
  ])('is not %s', (_case, text) => {
    expect(decodeHistoryCursor(text)).toBeUndefined();
  });
});
