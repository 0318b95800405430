import type { Socket } from 'node:net';
import { CLOSING, EMPTY, ENVELOPE_BYTES, FAILED, NOBODY } from './frame';
import { FrameReader } from './frame-reader';
import { ProtocolError } from './link-error';
import { PreambleCheck } from './preamble';
import { type BorrowedReply, type Reply, readAtOnce } from './reply';
import { TurnWriter } from './turn-writer';

/**
 * Answers at once or later; at once with bytes that are only borrowed, too, as they are copied before anything else
 * happens. A throw or rejection is answered as `FAILED` and reported to `onError`.
 */
export type Handler = (operation: number, payload: Buffer) => Reply | BorrowedReply | Promise<Reply>;

export interface ConnectionOptions {
  /** Bytes of a request's frame, beyond which the connection is destroyed. */
  requestLimit: number;
  /** Bytes of an answer's frame that clients read; a longer one is answered as `FAILED`. */
  answerLimit: number;
  /** Calls of one connection in the making, at which no more of it is read. */
  callLimit: number;
  /** Milliseconds within which a connection says who it is. */
  preambleLimit: number;
  /** Told what a handler threw, and of connections that do not keep to the protocol. */
  onError: (error: unknown) => void;
}

/** Answers of this many bytes in one turn are written before more requests are read. */
const TURN_BYTES = 1024 * 1024;

/**
 * One client's calls. Nothing more is read from a client that does not take its answers, so that what waits for it is
 * at most a turn's answers and those of the calls already in the making.
 */
export class ServerConnection {
  private readonly preamble = new PreambleCheck();
  private readonly reader: FrameReader;
  private readonly writer: TurnWriter;
  private inTheMaking = 0;
  private closing = false;

  constructor(
    readonly socket: Socket,
    readonly handler: Handler,
    readonly options: ConnectionOptions,
  ) {
    this.reader = new FrameReader(
      options.requestLimit,
      (id, operation, payload) => this.begin(id, operation, payload),
      () => this.mayRead(),
    );
    this.writer = new TurnWriter(socket, () => this.readOn());
    const { preambleLimit } = options;
    socket.setTimeout(preambleLimit, () => socket.destroy(new ProtocolError(`no preamble within ${preambleLimit} ms`)));
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('drain', () => this.readOn());
    socket.on('error', (error) => {
      // Any other error is the client's leaving.
      if (error instanceof ProtocolError) options.onError(error);
    });
  }

  /** Bytes of answers that this process holds for the client. */
  get buffered(): number {
    return this.writer.bytes + this.socket.writableLength;
  }

  /** Begins no more calls and ends the connection when those begun are answered. */
  close(): void {
    this.closing = true;
    if (!this.preamble.passed) {
      this.socket.destroy();
      return;
    }
    this.writer.add(NOBODY, CLOSING, EMPTY);
    this.endWhenDone();
  }

  private receive(chunk: Buffer): void {
    try {
      this.reader.push(this.preamble.passed ? chunk : this.greet(chunk));
    } catch (error) {
      this.socket.destroy(error as Error);
    }
    if (this.reader.holding) this.socket.pause();
  }

  private greet(chunk: Buffer): Buffer {
    const rest = this.preamble.strip(chunk);
    if (this.preamble.passed) this.socket.setTimeout(0);
    return rest;
  }

  private mayRead(): boolean {
    const { callLimit } = this.options;
    return this.inTheMaking < callLimit && this.writer.bytes < TURN_BYTES && !this.socket.writableNeedDrain;
  }

  private readOn(): void {
    if (!this.reader.holding || this.socket.destroyed) return;
    try {
      this.reader.readOn();
    } catch (error) {
      this.socket.destroy(error as Error);
    }
    if (!this.reader.holding) this.socket.resume();
  }

  private begin(id: number, operation: number, payload: Buffer): void {
    if (this.closing) {
      this.writer.add(id, CLOSING, EMPTY);
      return;
    }
    try {
      const reply = this.handler(operation, payload);
      if ('then' in reply) this.await(id, reply);
      else this.answer(id, reply);
    } catch (error) {
      this.fail(id, error);
    }
  }

  private await(id: number, reply: Promise<Reply>): void {
    this.inTheMaking++;
    const done = () => {
      this.inTheMaking--;
      this.readOn();
      this.endWhenDone();
    };
    reply
      .then((made) => this.answer(id, made))
      .catch((error) => this.fail(id, error))
      .then(done);
  }

  /** Throws when the reply cannot be sent. */
  private answer(id: number, { status, payload: given }: Reply | BorrowedReply): void {
    const payload = readAtOnce(given);
    if (!(Number.isInteger(status) && status >= 0 && status < CLOSING)) {
      throw new RangeError(`status must be an integer between 0 and ${CLOSING - 1}, not ${status}`);
    }
    const length = payload.length + ENVELOPE_BYTES;
    if (length > this.options.answerLimit) {
      throw new RangeError(`answer frame of ${length} bytes; at most ${this.options.answerLimit} allowed`);
    }
    this.writer.add(id, status, payload);
  }

  private fail(id: number, error: unknown): void {
    this.writer.add(id, FAILED, EMPTY);
    this.options.onError(error);
  }

  private endWhenDone(): void {
    if (!this.closing || this.inTheMaking > 0) return;
    this.writer.flush();
    this.socket.end();
    // Nothing more is begun, but a connection that is not read never hears of its client's end.
    this.socket.removeAllListeners('data').resume();
  }
}
