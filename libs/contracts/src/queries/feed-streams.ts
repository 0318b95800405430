import type { StreamPosition } from '../consistency-token';
import type { UserId } from '../identifiers';

/** The lists that can be followed live, with their operations on the link: never change one or reuse it for another list. */
export const FEED_STREAMS = { friends: 128, notifications: 129 } as const;

export type StreamedList = keyof typeof FEED_STREAMS;

/** Of their pages. */
export const STREAMED_PATHS: Record<StreamedList, string> = {
  friends: '/feed/friends',
  notifications: '/notifications',
};

/**
 * Subscribes to what happens in a list. Each message is the text of some server-sent events. It ends with the status `ok` if the
 * gateway is to subscribe again, from the last position that it has received.
 */
export interface StreamQuery {
  reader: UserId;
  /** A FeedPosition; undefined to begin with what is new. */
  since?: string | undefined;
  /** For who begins: the reader waits for these positions, 2 s at most. */
  atLeast?: StreamPosition[] | undefined;
}

/** Milliseconds between messages of a stream, at most: a comment if nothing happens. */
export const STREAM_HEARTBEAT = 15_000;
