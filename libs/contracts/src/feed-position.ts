import { decodeLogPosition, encodeLogPosition, type LogPosition, laterPosition } from './log-position';

/** A position in the log as clients keep it. */
export interface FeedPosition {
  /** When the feed began to read this log, in seconds since 1970: the offsets of another log mean other events. */
  readonly epoch: number;
  readonly log: LogPosition;
}

/** How they are written: see {@link encodeFeedPosition}. */
export const FEED_POSITION = /^([0-9a-z]{1,8})\.([A-Za-z0-9_-]+)$/;

/** Opaque to clients. Needs no escaping, neither in URLs nor in JSON. */
export const encodeFeedPosition = ({ epoch, log }: FeedPosition): string =>
  `${epoch.toString(36)}.${encodeLogPosition(log)}`;

/** Undefined if the text is no position, or one of another generation of the log. */
export function decodeFeedPosition(text: string): FeedPosition | undefined {
  const [, epoch = '', position = ''] = FEED_POSITION.exec(text) ?? [];
  const log = decodeLogPosition(position);
  const decoded = log && { epoch: Number.parseInt(epoch, 36), log };
  // Base64 and numbers can be written in several ways.
  return decoded && encodeFeedPosition(decoded) === text ? decoded : undefined;
}

/** The later of two positions, which has all that one of the two has. A later log replaces an earlier one. */
export function laterFeedPosition(a: FeedPosition, b: FeedPosition): FeedPosition {
  if (a.epoch !== b.epoch) return a.epoch > b.epoch ? a : b;
  return { epoch: a.epoch, log: laterPosition(a.log, b.log) };
}
