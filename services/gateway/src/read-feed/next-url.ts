import { PAGE_CONTENT } from '@activity-feed/contracts';
import { z } from 'zod';
import type { PageRequest } from './page-request';

/** The field `next_url` of every page. */
export const nextUrl = z.string().describe('Relative URL of the next page; empty on the last');

/** Of pages whose entries have contents. */
export const CONTENT_ENDS_PAGE = `A page with long contents ends when they reach ${PAGE_CONTENT / 1e6} MB`;

/** The field `newer_url` of pages of feeds and of notifications. */
export const newerUrl = z
  .string()
  .describe(
    'Relative URL of what has arrived since, newest first. More than `limit` follows behind the `newer_url` there: to have all, ' +
      'repeat until the list is empty. What was taken back, deleted or hidden meanwhile is not reported. Refused with 410 ' +
      'when it is too old',
  );

export const POSITION_EXAMPLE = 't6h4lc.AQEEAQoBAQ';

/** The query parameter `since`. */
export const SINCE = {
  schema: z.string(),
  description: 'Opaque; taken from newer_url. Only what has arrived since, never grouped; without `cursor`',
};

/** The characters of a page after the cursor. */
const END = '"}'.length;
/** The characters of a page before its position. */
const NEWER = ',"newer_url":"';

/**
 * Inserts `url` before the cursor at the end of a page's JSON, `…,"next_url":"<cursor>"}`; on the last page the cursor
 * is empty and nothing is inserted. The page is not parsed, so `url` must not need escaping.
 */
export function withNextUrl(page: string, url: string): string {
  const end = page.length - END;
  const start = page.lastIndexOf('"', end - 1) + 1;
  return start === end ? page : page.slice(0, start) + url + page.slice(start);
}

/** The same for a page that ends with its position, before which `newerUrl` is inserted. Earlier readers send none. */
export function withUrls(page: string, { nextUrl, newerUrl }: Pick<PageRequest, 'nextUrl' | 'newerUrl'>): string {
  const end = page.length - END;
  const start = page.lastIndexOf('"', end - 1) + 1;
  if (!page.endsWith(NEWER, start)) return withNextUrl(page, nextUrl);
  const before = withNextUrl(`${page.slice(0, start - NEWER.length)}}`, nextUrl);
  return before.slice(0, -1) + NEWER + newerUrl + page.slice(start);
}
