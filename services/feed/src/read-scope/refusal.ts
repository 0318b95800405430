import { type ErrorCode, FEED_STATUSES } from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';

/** The reply to a query that fails with `code`. */
export function refusal(code: ErrorCode): Reply {
  return { status: FEED_STATUSES.refused, payload: Buffer.from(code) };
}
