import { connect, type Socket } from 'node:net';
import { CallIds } from './call-ids';
import { ClientSubscriptions } from './client-subscriptions';
import { CANCEL, CLOSING, EMPTY, ENVELOPE_BYTES, encodeFrame, NOBODY, PROBE, PROVE, SUBSCRIPTIONS_FROM } from './frame';
import { FrameReader } from './frame-reader';
import type { Address, Answer, Link, Subscriber } from './link';
import { type CompleteOptions, DEFAULTS, type LinkClientOptions } from './link-client-options';
import { LinkError, ProtocolError } from './link-error';
import type { Candidate } from './next-in-turn';
import { PendingCalls } from './pending-calls';
import { GREETING, PREAMBLE } from './preamble';
import { TurnWriter } from './turn-writer';

export { DEADLINE, type LinkClientOptions } from './link-client-options';

/** Milliseconds until an attempt to connect is given up. */
const CONNECT_LIMIT = 1_000;
/** Milliseconds between a lost connection and the next attempt: doubled each time, reset when data arrives. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;
const FIRST_CALL = 0;
const KEEP_ALIVE_DELAY = 10_000;
const READ_BYTES = 64 * 1024;

/**
 * - `connecting`: calls wait for the connection and the greeting, within their deadlines; subscriptions wait too
 * - `leaving`: the server is closing; calls in flight are still answered, new ones are rejected
 * - `down`: between two attempts; calls are rejected during the first pause, later a call starts the next attempt
 */
type State = 'connecting' | 'connected' | 'leaving' | 'down' | 'closed';

/** Calls and subscriptions over one connection to one address. It connects at once and reconnects whenever the connection breaks. */
export class LinkClient implements Link, Candidate {
  private readonly options: CompleteOptions;
  private readonly pending: PendingCalls;
  private readonly subscribed: ClientSubscriptions;
  private readonly ids = new CallIds((id) => this.pending.has(id) || this.subscribed.has(id));
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
    this.subscribed = new ClientSubscriptions({
      probeEvery: this.options.probeEvery,
      probe: () => this.probe(),
      cancel: (id) => this.writer.add(id, CANCEL, EMPTY),
      disconnected: () => this.disconnected(),
    });
    this.connect();
  }

  get connected(): boolean {
    return this.state === 'connected';
  }

  /** Whether a call made now would wait for a connection. */
  get connecting(): boolean {
    return this.state === 'connecting' || this.mayTry;
  }

  /** Number of open subscriptions. */
  get subscriptions(): number {
    return this.subscribed.size;
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
    const refusal = this.refuse(operation, payload, FIRST_CALL, SUBSCRIPTIONS_FROM) ?? this.refuseExcess();
    if (refusal) return Promise.reject(refusal);
    if (this.silent) this.lastTry = performance.now();
    return new Promise((resolve, reject) => {
      const id = this.ids.next();
      this.pending.add(id, { resolve, reject, expiresAt });
      this.writer.add(id, operation, payload);
    });
  }

  subscribe(operation: number, payload: Uint8Array, subscriber: Subscriber): () => void {
    const refusal = this.refuse(operation, payload, SUBSCRIPTIONS_FROM, PROVE);
    if (refusal) return this.subscribed.refuse(subscriber, refusal);
    const id = this.ids.next();
    this.writer.add(id, operation, payload);
    return this.subscribed.add(id, subscriber);
  }

  /** Sends a call that the server answers without its handler. Only its timeout has an effect, as of any call. */
  probe(): void {
    const now = performance.now();
    if (this.silent) this.lastTry = now;
    const id = this.ids.next();
    this.pending.add(id, { resolve: () => {}, reject: () => {}, expiresAt: now + this.options.deadline });
    this.writer.add(id, PROBE, EMPTY);
  }

  close(): void {
    this.state = 'closed';
    clearTimeout(this.attempt);
    const closed = new LinkError('CLOSED', 'the link is closed');
    this.pending.rejectAll(closed);
    this.subscribed.endAll(closed);
    this.socket.destroy();
  }

  private get mayTry(): boolean {
    return this.state === 'down' && performance.now() - this.lostAt >= FIRST_PAUSE;
  }

  /** `operation` must be at least `from` and below `end`. */
  private refuse(operation: number, payload: Uint8Array, from: number, end: number): LinkError | undefined {
    if (this.state === 'closed') return new LinkError('CLOSED', 'the link is closed');
    if (this.mayTry) this.connect();
    if (this.state !== 'connected' && this.state !== 'connecting') return this.disconnected();
    // The server would close the connection, and everything else on it would fail.
    const length = payload.length + ENVELOPE_BYTES;
    const { requestLimit } = this.options;
    if (length > requestLimit) {
      return new LinkError('REFUSED', `request frame of ${length} bytes; at most ${requestLimit} allowed`);
    }
    if (!(Number.isInteger(operation) && operation >= from && operation < end)) {
      return new LinkError('REFUSED', `operation must be an integer between ${from} and ${end - 1}, not ${operation}`);
    }
  }

  private refuseExcess(): LinkError | undefined {
    if (this.pending.size < this.options.callLimit) return;
    return new LinkError('OVERLOADED', `too many calls in flight: ${this.pending.size}`);
  }

  private connect(): void {
    clearTimeout(this.attempt);
    this.state = 'connecting';
    const { prove, deadline } = this.options;
    const reader = new FrameReader(this.options.answerLimit, (id, status, payload) => this.settle(id, status, payload));
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
    socket.setTimeout(CONNECT_LIMIT, () => {
      const missing = socket.connecting ? `no connection after ${CONNECT_LIMIT}` : `no greeting after ${deadline}`;
      socket.destroy(new Error(`${missing} ms`));
    });
    socket.on('connect', () => {
      socket.setTimeout(prove ? deadline : 0);
      if (!prove) this.state = 'connected';
    });
    socket.on('end', () => socket.destroy());
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => this.lose(failure));
    // The socket queues data that is written before it is connected.
    socket.write(prove ? GREETING : PREAMBLE);
    this.socket = socket;
    this.writer = new TurnWriter(socket);
    if (prove) this.writer.hold();
  }

  /** Takes the server's first answer to a client that can prove the secret. */
  private greet(status: number, nonce: Buffer): void {
    const { prove } = this.options;
    if (!prove || status === CLOSING) throw new ProtocolError('the server did not answer the greeting');
    if (nonce.length > 0) this.socket.write(encodeFrame(NOBODY, PROVE, prove(nonce)));
    this.socket.setTimeout(0);
    this.state = 'connected';
    this.writer.release();
  }

  private settle(id: number, status: number, payload: Buffer): void {
    if (status === CLOSING && this.state === 'connected') this.state = 'leaving';
    const call = this.pending.take(id);
    if (this.state === 'connecting') this.greet(status, payload);
    else if (!call) this.subscribed.receive(id, status, payload);
    else if (status === CLOSING) call.reject(this.disconnected());
    else call.resolve({ status, payload: payload.toString('latin1') });
  }

  private lose(error: Error): void {
    if (this.state === 'closed') return;
    this.state = 'down';
    this.lostAt = performance.now();
    this.attempt = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    const lost = this.disconnected(error);
    this.pending.rejectAll(lost);
    this.subscribed.endAll(lost);
    this.options.onLost(this.address, error);
  }

  private hear(): void {
    this.silentSince = undefined;
    // A server that sends a nonce may refuse the proof.
    if (this.state !== 'connecting') this.pause = FIRST_PAUSE;
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
