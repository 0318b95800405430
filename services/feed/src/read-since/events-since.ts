import { decodeFeedPosition, type ErrorCode, type LogPosition } from '@activity-feed/contracts';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { TimelineIndex } from '../timeline-index/timeline-index';

export interface EventsSince {
  readonly position: LogPosition;
  readonly events: Iterable<LoggedEvent>;
}

/** The events since a position that a client has kept, or why they cannot be read. */
export function eventsSince(index: TimelineIndex, since: string): EventsSince | ErrorCode {
  const position = decodeFeedPosition(since);
  if (!position) return 'POSITION_INVALID';
  if (position.epoch !== index.log.epoch) return 'POSITION_GONE';
  const events = index.recentLog.since(position.log);
  return events ? { position: position.log, events } : 'POSITION_GONE';
}
