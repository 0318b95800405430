import { PAGE_CONTENT } from '@activity-feed/contracts';
import { endPage } from './end-page';

const found = (...bytes: (number | null)[]) =>
  bytes.map((count) => ({ content: count === null ? null : 'a'.repeat(count) }));
const lengthOf = (bytes: (number | null)[], limit = 10) => endPage(found(...bytes), limit).length;

describe('a page of contents', () => {
  it('ends at the limit or with the last one', () => {
    expect(lengthOf([1, 1, 1], 2)).toBe(2);
    expect(lengthOf([1, 1, 1], 3)).toBe(3);
    expect(lengthOf([1, 1, 1], 4)).toBe(3);
    expect(lengthOf([])).toBe(0);
  });

  it('ends with the content that fills it', () => {
    const half = PAGE_CONTENT / 2;
    expect(lengthOf([half, half, 1])).toBe(2);
    expect(lengthOf([half, half - 1, 1, 1])).toBe(3);
    expect(lengthOf([half, half, 1], 1)).toBe(1);
    expect(lengthOf([half, null, half, null])).toBe(3);
  });

  it('has at least one', () => {
    expect(lengthOf([2 * PAGE_CONTENT, 1])).toBe(1);
  });

  it('counts bytes of UTF-8', () => {
    expect(endPage([{ content: 'é'.repeat(PAGE_CONTENT / 2) }, { content: 'a' }], 10)).toHaveLength(1);
  });
});
