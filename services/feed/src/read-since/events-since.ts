import { decodeFeedPosition, type ErrorCode, EVENT_SOURCES, type LogPosition } from '@activity-feed/contracts';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { TimelineIndex } from '../timeline-index/timeline-index';

export interface EventsSince {
  readonly position: LogPosition;
  /** See RecentLog. */
  readonly events: readonly LoggedEvent[];
}

/** The wanted events since a position that a client has kept, or why they cannot be read. */
export function eventsSince(
  index: TimelineIndex,
  since: string,
  isWanted: (event: LoggedEvent) => boolean,
): EventsSince | ErrorCode {
  const position = decodeFeedPosition(since);
  if (!position) return 'POSITION_INVALID';
  if (position.epoch !== index.log.epoch) return 'POSITION_GONE';
  const known = index.log.position;
  // More partitions than the topics have.
  if (EVENT_SOURCES.some((source) => position.log[source].length > known[source].length)) return 'POSITION_INVALID';
  const events = index.recentLog.since(position.log, isWanted);
  return events ? { position: position.log, events } : 'POSITION_GONE';
}
