import type { ErrorCode, StreamedList, StreamPosition, UserId } from '@activity-feed/contracts';
import type { Answer, LinkError, Subscriber } from '@activity-feed/link';
import { errorOf, type FeedLink } from '../services/feed-link';
import type { StreamConnection } from './stream-connection';

/** Bytes that a client may leave unread before its stream is closed. */
const UNREAD_MAX = 64 * 1024;
/** Milliseconds without a reader after which a stream is refused, or ends, so that the client reconnects, perhaps to another gateway. */
const WITHOUT_READER_MAX = { opening: 3_000, open: 10_000 };
/** Milliseconds until the first attempt to find another reader, and until the next ones: spread, as many streams are lost together. */
const SOON = { min: 0, max: 100 };
const LATER = { min: 100, max: 1_000 };
/** Milliseconds after which clients are asked to reconnect: spread, as they often lose their connections together. */
const RETRY = { min: 1_000, max: 5_000 };

export interface StreamOptions {
  feed: Pick<FeedLink, 'subscribe'>;
  list: StreamedList;
  reader: UserId;
  /** The position that the client has reached; undefined to begin with what is new. */
  since: string | undefined;
  /** What a stream without a position must begin with. */
  atLeast?: StreamPosition[] | undefined;
  /** Called once, when a reader has opened the stream. Undefined if the client cannot be sent it. */
  connect(): StreamConnection | undefined;
  onEnd(): void;
}

/**
 * Passes what a reader sends on to a client. When a reader becomes unavailable, the stream continues at another one, from the last position that
 * the client was sent.
 */
export class OpenStream implements Subscriber {
  private readonly feed: StreamOptions['feed'];
  private readonly list: StreamedList;
  private readonly reader: UserId;
  private since: string | undefined;
  private atLeast: StreamPosition[] | undefined;
  /** Not kept longer than necessary, as it holds the request. */
  private connect: StreamOptions['connect'] | undefined;
  private connection: StreamConnection | undefined;
  private readonly onEnd: () => void;
  private unsubscribe: () => void = () => undefined;
  private lostAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private isChecking = false;
  /** Resolves when a reader has opened the stream, or with an error if none has. */
  readonly opened: Promise<ErrorCode | undefined>;
  /** Not kept either: streams stay open for hours. */
  private open: (error: ErrorCode | undefined) => void;

  constructor({ feed, list, reader, since, atLeast, connect, onEnd }: StreamOptions) {
    [this.feed, this.list, this.reader, this.since] = [feed, list, reader, since];
    [this.atLeast, this.connect, this.onEnd] = [atLeast, connect, onEnd];
    const { promise, resolve } = Promise.withResolvers<ErrorCode | undefined>();
    [this.opened, this.open] = [promise, resolve];
    this.subscribe();
  }

  /** Asks the client to reconnect. Resolves when the connection is closed. */
  async leave(): Promise<void> {
    const closed = this.isOver ? undefined : this.connection?.end(retry());
    this.end();
    await closed;
  }

  /** For a client that has gone. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.connect = undefined;
    clearTimeout(this.timer);
    this.unsubscribe();
    this.finishOpening('SERVICE_UNAVAILABLE');
    this.onEnd();
  }

  /** Text from the reader. */
  message(text: string): void {
    this.lostAt = undefined;
    this.connection ??= this.begin();
    const { connection } = this;
    if (!connection) return;
    const id = lastId(text);
    if (id !== undefined) this.since = shared(id);
    connection.write(text);
    if (connection.unread > UNREAD_MAX && !this.isChecking) this.check(connection);
  }

  /** The subscription has ended. */
  ended(end: Answer | LinkError): void {
    const error = errorOf(end);
    if (!error) this.whenRead(() => !this.isOver && this.subscribe());
    else if (error === 'SERVICE_UNAVAILABLE' && this.mayWait()) this.wait();
    else if (this.connection) void this.leave();
    else {
      this.finishOpening(error);
      this.end();
    }
  }

  private subscribe(): void {
    const { reader, since, atLeast } = this;
    this.unsubscribe = this.feed.subscribe(this.list, { reader, since, atLeast }, this);
  }

  private begin(): StreamConnection | undefined {
    const connection = this.connect?.();
    [this.connect, this.atLeast] = [undefined, undefined];
    this.finishOpening(undefined);
    if (!connection) this.end();
    connection?.onClose(() => this.end());
    connection?.write(retry());
    return connection;
  }

  private finishOpening(error: ErrorCode | undefined): void {
    this.open(error);
    this.open = ignore;
  }

  /** What was written in this turn may be on its way. */
  private check(connection: StreamConnection): void {
    this.isChecking = true;
    afterNextTurn(() => {
      this.isChecking = false;
      if (connection.unread > UNREAD_MAX) connection.destroy();
    });
  }

  /** Calls `then` when the client has received everything. */
  private whenRead(then: () => void): void {
    if (this.connection) this.connection.whenRead(then);
    else setImmediate(then);
  }

  private mayWait(): boolean {
    const { opening, open } = WITHOUT_READER_MAX;
    const most = this.connection ? open : opening;
    return this.lostAt === undefined || performance.now() - this.lostAt <= most;
  }

  private wait(): void {
    this.timer = setTimeout(() => this.subscribe(), between(this.lostAt === undefined ? SOON : LATER));
    this.lostAt ??= performance.now();
  }
}

/** The last `id` in server-sent events. */
function lastId(text: string): string | undefined {
  const start = text.lastIndexOf('id: ');
  return start === -1 ? undefined : text.slice(start + 'id: '.length, text.indexOf('\n', start));
}

let newest = '';

/** `id`, as one text for all streams that have it: most have the newest. */
function shared(id: string): string {
  if (id !== newest) newest = id;
  return newest;
}

const ignore = () => undefined;

/** Calls `then` after the event loop has polled all connections once more. */
const afterNextTurn = (then: () => void) => setImmediate(() => setImmediate(then));

const retry = () => `retry: ${Math.round(between(RETRY))}\n\n`;
const between = ({ min, max }: { min: number; max: number }) => min + Math.random() * (max - min);
