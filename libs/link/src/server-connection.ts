import type { Socket } from 'node:net';
import { CLOSING, EMPTY, ENVELOPE_BYTES, FAILED, NOBODY } from './frame';
import { FrameReader } from './frame-reader';
import { ProtocolError } from './link-error';
import { PreambleCheck } from './preamble';
import { type BorrowedReply, type Reply, readAtOnce } from './reply';
import { TurnWriter } from './turn-writer';

/**
 * Answers synchronously or with a promise. A synchronous reply may borrow its bytes, as they are copied immediately.
 * Errors and rejections are answered as `FAILED` and passed to `onError`.
 */
export type Handler = (operation: number, payload: Buffer) => Reply | BorrowedReply | Promise<Reply>;

export interface ConnectionOptions {
  /** Maximum bytes of a request's frame; a longer one destroys the connection. */
  requestLimit: number;
  /** Maximum bytes of an answer's frame that clients accept; a longer one is answered as `FAILED`. */
  answerLimit: number;
  /** Maximum unanswered calls of one connection; then reading pauses. */
  callLimit: number;
  /** Milliseconds within which a connection must send the preamble. */
  preambleLimit: number;
  /** Called with errors of handlers and with protocol violations. */
  onError: (error: unknown) => void;
}

/** When the answers of one turn exceed this many bytes, they are written before more requests are read. */
const TURN_BYTES = 1024 * 1024;

/**
 * The calls of one client. Reading pauses while the client does not receive its answers, so the buffer is limited to
 * the answers of one turn and of the calls in progress.
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
      // Other errors only mean that the client has disconnected.
      if (error instanceof ProtocolError) options.onError(error);
    });
  }

  /** Bytes of answers that are buffered in this process. */
  get buffered(): number {
    return this.writer.bytes + this.socket.writableLength;
  }

  /** Starts no more calls, and closes the connection when those in progress are answered. */
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

  /** Throws if the reply cannot be sent. */
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
    // No more calls are started, but the end of a connection is only noticed while it is read.
    this.socket.removeAllListeners('data').resume();
  }
}
