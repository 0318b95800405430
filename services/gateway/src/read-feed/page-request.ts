import { FEED_POSITION, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@activity-feed/contracts';
import { z } from 'zod';
import { ApiError } from '../error-answers/api-error';
import { wholeNumber } from '../validate/numbers';
import { code, parse } from '../validate/parse';
import { Expand } from './expand';

const PageRequest = z.object({
  limit: wholeNumber(PAGE_LIMIT_MAX, 'LIMIT_INVALID').optional(),
  cursor: z.string(code('CURSOR_INVALID')).optional(),
  group: z.literal('day', code('GROUP_INVALID')).optional(),
  expand: Expand,
  since: z.string(code('POSITION_INVALID')).regex(FEED_POSITION, code('POSITION_INVALID')).optional(),
});

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
  /** Whether to group the entries of a day. */
  grouped: boolean;
  expand: Expand;
  /** Asks for what has arrived since this position. */
  since?: string | undefined;
  /** The URL of the next page with the same options, without the value of its cursor. */
  nextUrl: string;
  /** The URL of what has arrived since, without the position. */
  newerUrl: string;
}

/**
 * Reads `?limit=`, `?cursor=`, `?since=`, `?group=` and `?expand=` of a request for a page of `path`. Its URLs have the options
 * `more` too. What has arrived since is never grouped.
 */
export function readPageRequest(
  path: string,
  query: unknown,
  more: Record<string, string | undefined> = {},
): PageRequest {
  const { limit, cursor, group, expand, since } = parse(PageRequest, query);
  if (since !== undefined && cursor !== undefined) throw new ApiError('POSITION_INVALID');
  if (since !== undefined && group !== undefined) throw new ApiError('GROUP_INVALID');
  const urlWith = (options: Record<string, string | number | undefined>) =>
    `${path}?${Object.entries(options)
      .map(([name, value]) => (value === undefined ? '' : `${name}=${value}&`))
      .join('')}`;
  return {
    limit: limit ?? PAGE_LIMIT_DEFAULT,
    cursor,
    since,
    grouped: group !== undefined,
    expand,
    nextUrl: `${urlWith({ ...more, group, expand, limit })}cursor=`,
    newerUrl: `${urlWith({ ...more, expand, limit })}since=`,
  };
}
