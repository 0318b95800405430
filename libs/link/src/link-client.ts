import { connect, type Socket } from 'node:net';
import { ANSWER_BYTES_LIMIT, CLOSING, ENVELOPE_BYTES, REQUEST_BYTES_LIMIT } from './frame';
import { FrameReader } from './frame-reader';
import type { Address, Answer, Link } from './link';
import { LinkError } from './link-error';
import type { Candidate } from './next-in-turn';
import { PendingCalls } from './pending-calls';
import { PREAMBLE } from './preamble';
import { TurnWriter } from './turn-writer';

export interface LinkClientOptions {
  /**
   * Milliseconds that a call waits for its answer. The rejection may come up to a twentieth later, but at most 50 ms.
   */
  deadline?: number;
  /** Maximum calls in flight; further calls are rejected. */
  callLimit?: number;
  /** Maximum bytes of a request's frame that the server accepts. */
  requestLimit?: number;
  /** Maximum bytes of an answer's frame; a longer one destroys the connection. */
  answerLimit?: number;
  /** Called when a connection breaks or cannot be opened; for logging. */
  onLost?: (address: Address, error: Error) => void;
}

/** Milliseconds. */
export const DEADLINE = 3_000;

const DEFAULTS = {
  deadline: DEADLINE,
  callLimit: 4_096,
  requestLimit: REQUEST_BYTES_LIMIT,
  answerLimit: ANSWER_BYTES_LIMIT,
  onLost: () => {},
} satisfies LinkClientOptions;

/** Milliseconds until an attempt to connect is given up. */
const CONNECT_LIMIT = 1_000;
/** Milliseconds between a lost connection and the next attempt: doubled each time, reset when data arrives. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;
const KEEP_ALIVE_DELAY = 10_000;
const READ_BYTES = 64 * 1024;

/**
 * - `connecting`: calls wait for the connection, within their deadlines
 * - `leaving`: the server is closing; calls in flight are still answered, new ones are rejected
 * - `down`: between two attempts; calls are rejected during the first pause, later a call starts the next attempt
 */
type State = 'connecting' | 'connected' | 'leaving' | 'down' | 'closed';

/** Calls over one connection to one address. It connects at once and reconnects whenever the connection breaks. */
export class LinkClient implements Link, Candidate {
  private readonly options: Required<LinkClientOptions>;
  private readonly pending: PendingCalls;
  private state: State = 'down';
  private socket!: Socket;
  private writer!: TurnWriter;
  private pause = FIRST_PAUSE;
  private attempt: NodeJS.Timeout | undefined;
  private lostAt = Number.NEGATIVE_INFINITY;
  private lastTimeout = Number.NEGATIVE_INFINITY;
  private lastTry = Number.NEGATIVE_INFINITY;
  private silentSince: number | undefined;

  constructor(
    readonly address: Address,
    options: LinkClientOptions = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
    const interval = Math.min(50, Math.ceil(this.options.deadline / 20));
    this.pending = new PendingCalls(interval, () => this.missAnswers());
    this.connect();
  }

  get connected(): boolean {
    return this.state === 'connected';
  }

  /** Whether a call made now would wait for a connection. */
  get connecting(): boolean {
    return this.state === 'connecting' || this.mayTry;
  }

  /** When a call last timed out, by `performance.now()`. */
  get timedOutAt(): number {
    return this.lastTimeout;
  }

  /** Time of the last call; only up to date while `silent`. */
  get triedAt(): number {
    return this.lastTry;
  }

  /** Whether no data has arrived since a call timed out. */
  get silent(): boolean {
    return this.silentSince !== undefined;
  }

  /** `expiresAt`, by `performance.now()`, is for calls that have already used part of their time. */
  call(operation: number, payload: Uint8Array, expiresAt = performance.now() + this.options.deadline): Promise<Answer> {
    const refusal = this.refuse(operation, payload);
    if (refusal) return Promise.reject(refusal);
    if (this.silent) this.lastTry = performance.now();
    return new Promise((resolve, reject) => {
      this.writer.add(this.pending.add({ resolve, reject, expiresAt }), operation, payload);
    });
  }

  close(): void {
    this.state = 'closed';
    clearTimeout(this.attempt);
    this.pending.rejectAll(new LinkError('CLOSED', 'the link is closed'));
    this.socket.destroy();
  }

  private get mayTry(): boolean {
    return this.state === 'down' && performance.now() - this.lostAt >= FIRST_PAUSE;
  }

  private refuse(operation: number, payload: Uint8Array): LinkError | undefined {
    if (this.state === 'closed') return new LinkError('CLOSED', 'the link is closed');
    if (this.mayTry) this.connect();
    if (this.state !== 'connected' && this.state !== 'connecting') return this.disconnected();
    if (this.pending.size >= this.options.callLimit) {
      return new LinkError('OVERLOADED', `too many calls in flight: ${this.pending.size}`);
    }
    // The server would close the connection, and all other calls on it would fail.
    const length = payload.length + ENVELOPE_BYTES;
    const { requestLimit } = this.options;
    if (length > requestLimit) {
      return new LinkError('REFUSED', `request frame of ${length} bytes; at most ${requestLimit} allowed`);
    }
    if ((operation & 0xff) !== operation) {
      return new LinkError('REFUSED', `operation must be an integer between 0 and 255, not ${operation}`);
    }
  }

  private connect(): void {
    clearTimeout(this.attempt);
    this.state = 'connecting';
    const { answerLimit } = this.options;
    const reader = new FrameReader(answerLimit, (id, status, payload) => this.settle(id, status, payload));
    const socket = connect({
      ...this.address,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_DELAY,
      // One buffer for all reads; data that outlives the callback is copied.
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (length, buffer) => {
          this.hear();
          try {
            reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, length));
          } catch (error) {
            socket.destroy(error as Error);
          }
          return true;
        },
      },
    });
    let failure = new Error('the server closed the connection');
    socket.setTimeout(CONNECT_LIMIT, () => socket.destroy(new Error(`no connection after ${CONNECT_LIMIT} ms`)));
    socket.on('connect', () => {
      socket.setTimeout(0);
      this.state = 'connected';
    });
    socket.on('end', () => socket.destroy());
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => this.lose(failure));
    // The socket queues data that is written before it is connected.
    socket.write(PREAMBLE);
    this.socket = socket;
    this.writer = new TurnWriter(socket);
  }

  private settle(id: number, status: number, payload: Buffer): void {
    const call = this.pending.take(id);
    if (status !== CLOSING) {
      call?.resolve({ status, payload: payload.toString('latin1') });
      return;
    }
    if (this.state === 'connected') this.state = 'leaving';
    call?.reject(this.disconnected());
  }

  private lose(error: Error): void {
    if (this.state === 'closed') return;
    this.state = 'down';
    this.lostAt = performance.now();
    this.attempt = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    this.pending.rejectAll(this.disconnected(error));
    this.options.onLost(this.address, error);
  }

  private hear(): void {
    this.silentSince = undefined;
    this.pause = FIRST_PAUSE;
  }

  /** Detects a host that disappeared without closing the connection; TCP alone takes about 15 minutes. */
  private missAnswers(): void {
    this.lastTimeout = performance.now();
    this.silentSince ??= this.lastTimeout;
    if (this.lastTimeout - this.silentSince < this.options.deadline) return;
    this.socket.destroy(new Error('no data received while calls timed out'));
  }

  private disconnected(cause?: Error): LinkError {
    const { host, port } = this.address;
    return new LinkError('DISCONNECTED', `no connection to ${host}:${port}`, cause);
  }
}
