/**
 * On every answer: most are for the holder of a key alone, and some contain keys. Public documents replace the first
 * one. User content is JSON, which no browser may take for a page.
 */
export const COMMON_HEADERS = {
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** Of what is public and changes only with the version: may be stored, and is asked for again before each use. */
export const PUBLIC_DOCUMENT = 'no-cache';
