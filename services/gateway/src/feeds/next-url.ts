/** The last two characters of a page, behind the cursor. */
const END = '"}'.length;

/**
 * Puts `url` before the cursor with which the JSON of a page ends, `…,"next_url":"<cursor>"}`; nothing where there is none,
 * on the last page. The page is not parsed, and `url` must need no escaping.
 */
export function withNextUrl(page: string, url: string): string {
  const end = page.length - END;
  const start = page.lastIndexOf('"', end - 1) + 1;
  return start === end ? page : page.slice(0, start) + url + page.slice(start);
}
