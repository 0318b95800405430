import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@activity-feed/contracts';
import { z } from 'zod';
import { code, parse } from '../validate/parse';

const Limit = z
  .string(code('LIMIT_INVALID'))
  .regex(/^\d{1,3}$/, code('LIMIT_INVALID'))
  .transform(Number)
  .pipe(z.int(code('LIMIT_INVALID')).min(1, code('LIMIT_INVALID')).max(PAGE_LIMIT_MAX, code('LIMIT_INVALID')));

const PageRequest = z.object({
  limit: Limit.optional(),
  cursor: z.string(code('CURSOR_INVALID')).optional(),
});

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
  /** The URL of the next page, with the same options, up to its cursor. */
  nextUrl: string;
}

/** Reads `?limit=` and `?cursor=` of a request for a page of `path`. */
export function readPageRequest(path: string, query: unknown): PageRequest {
  const { limit, cursor } = parse(PageRequest, query);
  return {
    limit: limit ?? PAGE_LIMIT_DEFAULT,
    cursor,
    nextUrl: `${path}?${limit === undefined ? '' : `limit=${limit}&`}cursor=`,
  };
}
