import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@activity-feed/contracts';
import { z } from 'zod';
import { wholeNumber } from '../validate/numbers';
import { code, parse } from '../validate/parse';

const PageRequest = z.object({
  limit: wholeNumber(PAGE_LIMIT_MAX, 'LIMIT_INVALID').optional(),
  cursor: z.string(code('CURSOR_INVALID')).optional(),
  group: z.literal('day', code('GROUP_INVALID')).optional(),
});

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
  /** Whether to group the entries of a day. */
  grouped: boolean;
  /** The URL of the next page with the same options, without the value of its cursor. */
  nextUrl: string;
}

/** Reads `?limit=`, `?cursor=` and `?group=` of a request for a page of `path`. */
export function readPageRequest(path: string, query: unknown): PageRequest {
  const { limit, cursor, group } = parse(PageRequest, query);
  const options = `${group === undefined ? '' : `group=${group}&`}${limit === undefined ? '' : `limit=${limit}&`}`;
  return {
    limit: limit ?? PAGE_LIMIT_DEFAULT,
    cursor,
    grouped: group !== undefined,
    nextUrl: `${path}?${options}cursor=`,
  };
}
