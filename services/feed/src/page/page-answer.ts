import { FEED_STATUSES, type FeedEntry, type PagedFeed } from '@activity-feed/contracts';
import { type BorrowedBytes, type BorrowedReply, lend, readAtOnce } from '@activity-feed/link';
import { toPosition } from '../activity/positions';
import type { PlacedEntry } from '../hypertable/placed-entry';
import { encodeCursor } from './page-cursor';

const START: Record<PagedFeed, Buffer> = {
  my: Buffer.from('{"my_feed":['),
  friends: Buffer.from('{"friends_feed":['),
  user: Buffer.from('{"user_feed":['),
};
const COMMA = 0x2c;

export interface Page {
  /** Parts of a JSON array: each holds elements separated by commas. */
  entries: readonly (Uint8Array | BorrowedBytes)[];
  /** The cursor of the next page; undefined on the last. */
  next: string | undefined;
  /** Where the page is in the log; undefined if the gateway does not ask for it. */
  newer?: string | undefined;
}

/** Grows to the longest page. Shared by all pages, to spare the garbage collector. */
let page = Buffer.allocUnsafeSlow(64 * 1024);

/** A page as the API returns it, in a buffer that the next call overwrites. */
export function pageAnswer(
  feed: PagedFeed,
  nextUrl: string,
  { entries, next, newer }: Page,
  behind: boolean,
): BorrowedReply {
  const url = next === undefined ? '' : nextUrl + next;
  const end = `],"next_url":${JSON.stringify(url)}${newer === undefined ? '' : `,"newer_url":"${newer}"`}}`;
  const parts = entries.map(readAtOnce);
  const longest = parts.reduce((sum, part) => sum + part.length + 1, START[feed].length + 3 * end.length);
  if (longest > page.length) page = Buffer.allocUnsafeSlow(longest);
  page.set(START[feed]);
  let at = START[feed].length;
  for (const part of parts) {
    if (part.length === 0) continue;
    if (at > START[feed].length) page[at++] = COMMA;
    page.set(part, at);
    at += part.length;
  }
  at += page.write(end, at);
  return { status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok, payload: lend(page.subarray(0, at)) };
}

/** A page of the first `limit` of `entries`; an entry more shows that there is a next page. */
export function toPage(entries: readonly PlacedEntry[], limit: number): Page {
  const page = entries.slice(0, limit);
  const last = entries.length > limit ? page.at(-1) : undefined;
  const json = page.map((entry) => JSON.stringify(toShown(entry))).join(',');
  return { entries: [Buffer.from(json)], next: last && encodeCursor(toPosition(last)) };
}

/** The fields of the API, in the order that the index writes them in. */
const toShown = ({ eventId: _, comment_id, ...entry }: PlacedEntry): FeedEntry => {
  if (comment_id === null) return entry;
  const { target_name, time, ...rest } = entry;
  return { ...rest, comment_id, target_name, time };
};
