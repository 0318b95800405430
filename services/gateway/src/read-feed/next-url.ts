import { PAGE_CONTENT } from '@activity-feed/contracts';
import { z } from 'zod';

/** The field `next_url` of every page. */
export const nextUrl = z.string().describe('Relative URL of the next page; empty on the last');

/** Of pages whose entries have contents. */
export const CONTENT_ENDS_PAGE = `A page with long contents ends when they reach ${PAGE_CONTENT / 1e6} MB`;

/** The characters of a page after the cursor. */
const END = '"}'.length;

/**
 * Inserts `url` before the cursor at the end of a page's JSON, `…,"next_url":"<cursor>"}`; on the last page the cursor
 * is empty and nothing is inserted. The page is not parsed, so `url` must not need escaping.
 */
export function withNextUrl(page: string, url: string): string {
  const end = page.length - END;
  const start = page.lastIndexOf('"', end - 1) + 1;
  return start === end ? page : page.slice(0, start) + url + page.slice(start);
}
