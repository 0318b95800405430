import type { ServerResponse } from 'node:http';
import { type ErrorCode, type StreamedList, type User } from '@activity-feed/contracts';
import type { Answer, LinkError } from '@activity-feed/link';
import { errorOf, type FeedLink } from '../services/feed-link';

/** Bytes that a client may leave unread before its stream is closed. */
const UNREAD_MAX = 64 * 1024;
/** Milliseconds without a reader after which a stream is refused, or ends, so that the client reconnects, perhaps to another gateway. */
const WITHOUT_READER_MAX = { opening: 3_000, open: 10_000 };
/** Milliseconds until the first attempt to find another reader, and until the next ones: spread, as many streams are lost together. */
const SOON = { min: 0, max: 100 };
const LATER = { min: 100, max: 1_000 };
/** Milliseconds after which clients are asked to reconnect: spread, as they often lose their connections together. */
const RETRY = { min: 1_000, max: 5_000 };

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

export interface StreamOptions {
  feed: Pick<FeedLink, 'subscribe'>;
  list: StreamedList;
  user: User;
  /** The position that the client has reached; undefined to begin with what is new. */
  since: string | undefined;
  response: ServerResponse;
  headers: Record<string, string>;
  onEnd(): void;
}

/**
 * Passes what a reader sends on to a client. When a reader becomes unavailable, the stream continues at another one, from the last position that
 * the client was sent.
 */
export class OpenStream {
  private since: string | undefined;
  private unsubscribe: () => void = () => undefined;
  private lostAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private isChecking = false;
  /** Resolves with an error if no reader has opened the stream. */
  readonly opened: Promise<ErrorCode | undefined>;
  private readonly open: (error: ErrorCode | undefined) => void;

  constructor(private readonly options: StreamOptions) {
    this.since = options.since;
    const { promise, resolve } = Promise.withResolvers<ErrorCode | undefined>();
    [this.opened, this.open] = [promise, resolve];
    options.response.once('close', () => this.end());
    // The client may have gone while its key was looked up.
    if (options.response.destroyed || options.response.closed) this.end();
    else this.subscribe();
  }

  /** Asks the client to reconnect. */
  leave(): void {
    const { response } = this.options;
    if (response.headersSent && !this.isOver) response.end(retry());
    this.end();
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.unsubscribe();
    this.open('SERVICE_UNAVAILABLE');
    this.options.onEnd();
  }

  private subscribe(): void {
    const { feed, list, user } = this.options;
    this.unsubscribe = feed.subscribe(
      list,
      { reader: user.id, since: this.since },
      { message: (text) => this.pass(text), ended: (end) => this.continue(end) },
    );
  }

  private pass(text: string): void {
    const { response, headers } = this.options;
    this.lostAt = undefined;
    if (!response.headersSent) {
      response.writeHead(200, { ...headers, ...HEADERS });
      // Sent with the first event, the head would be kept as its many parts.
      response.flushHeaders();
      response.write(retry());
      this.open(undefined);
    }
    this.since = lastId(text) ?? this.since;
    response.write(text, 'latin1');
    if (response.writableLength > UNREAD_MAX && !this.isChecking) this.check();
  }

  /** What was written in this turn may be on its way. */
  private check(): void {
    this.isChecking = true;
    const { response } = this.options;
    afterNextTurn(() => {
      this.isChecking = false;
      if (response.writableLength > UNREAD_MAX) response.destroy();
    });
  }

  private continue(end: Answer | LinkError): void {
    const error = errorOf(end);
    if (!error) this.whenRead(() => this.subscribe());
    else if (error === 'SERVICE_UNAVAILABLE' && this.mayWait()) this.wait();
    else if (this.options.response.headersSent) this.leave();
    else {
      this.open(error);
      this.end();
    }
  }

  private mayWait(): boolean {
    const { opening, open } = WITHOUT_READER_MAX;
    const most = this.options.response.headersSent ? open : opening;
    return this.lostAt === undefined || performance.now() - this.lostAt <= most;
  }

  private wait(): void {
    this.timer = setTimeout(() => this.subscribe(), between(this.lostAt === undefined ? SOON : LATER));
    this.lostAt ??= performance.now();
  }

  /** Calls `then` when the client has received everything. */
  private whenRead(then: () => void): void {
    const { response } = this.options;
    if (!response.writableNeedDrain) setImmediate(() => !this.isOver && then());
    else response.once('drain', () => !this.isOver && then());
  }
}

/** The last `id` in server-sent events. */
function lastId(text: string): string | undefined {
  const start = text.lastIndexOf('id: ');
  return start === -1 ? undefined : text.slice(start + 'id: '.length, text.indexOf('\n', start));
}

/** Calls `then` after the event loop has polled all connections once more. */
const afterNextTurn = (then: () => void) => setImmediate(() => setImmediate(then));

const retry = () => `retry: ${Math.round(between(RETRY))}\n\n`;
const between = ({ min, max }: { min: number; max: number }) => min + Math.random() * (max - min);
