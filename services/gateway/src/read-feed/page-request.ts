import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@activity-feed/contracts';
import { z } from 'zod';
import { wholeNumber } from '../validate/numbers';
import { code, parse } from '../validate/parse';
import { Expand } from './expand';

const PageRequest = z.object({
  limit: wholeNumber(PAGE_LIMIT_MAX, 'LIMIT_INVALID').optional(),
  cursor: z.string(code('CURSOR_INVALID')).optional(),
  group: z.literal('day', code('GROUP_INVALID')).optional(),
  expand: Expand,
});

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
  /** Whether to group the entries of a day. */
  grouped: boolean;
  expand: Expand;
  /** The URL of the next page with the same options, without the value of its cursor. */
  nextUrl: string;
}

/**
 * Reads `?limit=`, `?cursor=`, `?group=` and `?expand=` of a request for a page of `path`. The next page has the options
 * `more` too.
 */
export function readPageRequest(
  path: string,
  query: unknown,
  more: Record<string, string | undefined> = {},
): PageRequest {
  const { limit, cursor, group, expand } = parse(PageRequest, query);
  const options = Object.entries({ ...more, group, expand, limit })
    .map(([name, value]) => (value === undefined ? '' : `${name}=${value}&`))
    .join('');
  return {
    limit: limit ?? PAGE_LIMIT_DEFAULT,
    cursor,
    grouped: group !== undefined,
    expand,
    nextUrl: `${path}?${options}cursor=`,
  };
}
