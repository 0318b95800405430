import { PAGE_CONTENT } from '@activity-feed/contracts';

/** The first of `found`: at most `limit`, and none after the one with which the contents reach PAGE_CONTENT bytes. */
export function endPage<Found extends { content: string | null }>(found: readonly Found[], limit: number): Found[] {
  let bytes = 0;
  const next = found.findIndex(({ content }) => {
    const isFull = bytes >= PAGE_CONTENT;
    bytes += content === null ? 0 : Buffer.byteLength(content);
    return isFull;
  });
  return found.slice(0, next < 0 ? limit : Math.min(next, limit));
}
