import { decodeLogPosition, encodeLogPosition, type LogPosition } from '@activity-feed/contracts';
import type { Position } from '../activity/positions';
import { decodeCursor, encodeCursor } from '../page/page-cursor';

/** Where the next page of notifications begins. */
export interface NotificationCursor {
  /** The place of the last group of the page before. */
  readonly after: Position;
  /** What the log had at the first page. Later events change no place in the pages that follow. */
  readonly asOf: LogPosition;
}

const SEPARATOR = '.';

/** Opaque to clients. */
export const encodeNotificationCursor = ({ after, asOf }: NotificationCursor): string =>
  encodeCursor(after) + SEPARATOR + encodeLogPosition(asOf);

export function decodeNotificationCursor(cursor: string): NotificationCursor | undefined {
  const [place = '', position = '', ...rest] = cursor.split(SEPARATOR);
  const after = decodeCursor(place);
  const asOf = decodeLogPosition(position);
  return after && asOf && rest.length === 0 ? { after, asOf } : undefined;
}
