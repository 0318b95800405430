import {
  type ErrorCode,
  encodeFeedPosition,
  FEED_STATUSES,
  hasAll,
  type LogPlace,
  type LogPosition,
  laterPosition,
  type UserId,
} from '@activity-feed/contracts';
import type { Publisher, Reply } from '@activity-feed/link';
import { errorReply } from '../read-scope/error-reply';
import type { MovingPosition } from '../read-since/moving-position';
import type { LoggedEvent } from '../timeline-index/recent-log';
import { heartbeat, type StreamMessage, toText } from './stream-message';

/** Who follows a list live. */
export interface Viewer {
  readonly reader: UserId;
  /** The same as a number of the index. */
  readonly user: number;
}

export interface StreamOptions extends Viewer {
  readonly publisher: Publisher;
  /** See FeedPosition. */
  readonly epoch: number;
  /** What the client has; undefined if it begins. */
  readonly since: LogPosition | undefined;
}

/** Tells the gateway to subscribe again, from the last position that it has received. */
export const AGAIN: Reply = { status: FEED_STATUSES.ok, payload: new Uint8Array() };

/** A list that somebody follows live. */
export abstract class OpenStream implements Viewer {
  readonly reader: UserId;
  readonly user: number;
  /** Called when it is over. */
  onEnd: () => void = () => undefined;
  protected isOver = false;
  private readonly publisher: Publisher;
  private readonly epoch: number;
  /** What the client has, as long as this reader has less. */
  private ahead: LogPosition | undefined;

  constructor({ reader, user, publisher, epoch, since }: StreamOptions) {
    this.reader = reader;
    this.user = user;
    this.publisher = publisher;
    this.epoch = epoch;
    this.ahead = since;
  }

  /** Sends what an event changes. `position`: that behind it. */
  abstract take(event: LoggedEvent, position: LogPosition): void;

  /** Sends what events have changed since a position; it may end the stream if they are many. */
  abstract catchUp(events: readonly LoggedEvent[], from: MovingPosition): void;

  /** Sends the first messages of a stream that does not catch up. */
  abstract begin(messages: readonly StreamMessage[], position: LogPosition): void;

  /** Has the client load the list again: it has changed without an event. */
  abstract makeStale(position: LogPosition): void;

  /** Sends a sign of life. */
  abstract beat(position: LogPosition): void;

  /** To be called when the other side has ended it. */
  close(): void {
    this.isOver = true;
    this.onEnd();
  }

  /** Ends it, so that the gateway subscribes again. */
  end(): void {
    this.publisher.end(AGAIN);
    this.close();
  }

  /** Ends it for good. */
  refuse(code: ErrorCode): void {
    this.publisher.end(errorReply(code));
    this.close();
  }

  /** Whether the client has the event already, from a reader that was further. */
  protected has({ source, partition, offset }: LogPlace): boolean {
    return this.ahead !== undefined && offset < (this.ahead[source][partition] ?? 0);
  }

  /** Returns the number of bytes. */
  protected send(messages: readonly StreamMessage[], position: LogPosition): number {
    if (messages.length === 0) return 0;
    const bytes = Buffer.from(toText(messages, this.idAt(position)));
    this.publisher.send(bytes);
    return bytes.length;
  }

  /** `position`: undefined if what belongs to it has not been sent yet. */
  protected sendBeat(position: LogPosition | undefined): void {
    this.publisher.send(Buffer.from(heartbeat(position && this.idAt(position))));
  }

  private idAt(position: LogPosition): string {
    return encodeFeedPosition({ epoch: this.epoch, log: this.clientAt(position) });
  }

  /** The position of a client that has received everything up to `position`. */
  private clientAt(position: LogPosition): LogPosition {
    if (!this.ahead) return position;
    if (!hasAll(position, this.ahead)) return laterPosition(position, this.ahead);
    this.ahead = undefined;
    return position;
  }
}
