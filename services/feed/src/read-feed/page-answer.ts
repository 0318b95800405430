import { FEED_STATUSES, type FeedKind } from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';

const START: Record<FeedKind, Buffer> = {
  my: Buffer.from('{"my_feed":['),
  friends: Buffer.from('{"friends_feed":['),
};
const COMMA = Buffer.from(',');

export interface Page {
  /** Elements of a JSON array, with commas between those of one part. */
  entries: readonly Uint8Array[];
  /** Where the next page begins; none on the last. */
  next: string | undefined;
}

/** The bytes of a page as the API shows it. Copies them, as those of the index are valid for a moment. */
export function pageAnswer(feed: FeedKind, nextUrl: string, { entries, next }: Page, behind: boolean): Reply {
  const parts: Uint8Array[] = [START[feed]];
  for (const part of entries) {
    if (part.length === 0) continue;
    if (parts.length > 1) parts.push(COMMA);
    parts.push(part);
  }
  const url = next === undefined ? '' : nextUrl + next;
  parts.push(Buffer.from(`],"next_url":${JSON.stringify(url)}}`));
  return { status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok, payload: Buffer.concat(parts) };
}
