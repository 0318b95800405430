import { type ErrorCode, FEED_STATUSES } from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';

export function errorReply(code: ErrorCode): Reply {
  return { status: FEED_STATUSES.refused, payload: Buffer.from(code) };
}
