import type { Socket } from 'node:net';
import { Admission } from './admission';
import { AnswerWriter } from './answer-writer';
import type { ConnectionOptions } from './connection-options';
import { CANCEL, CLOSING, NOBODY, PROBE, PROVE, SUBSCRIPTIONS_FROM } from './frame';
import { FrameReader } from './frame-reader';
import type { Handler } from './handlers';
import { ProofError, ProtocolError } from './link-error';
import { PreambleCheck } from './preamble';
import type { Reply } from './reply';
import { ServerSubscriptions } from './server-subscriptions';

/** Status of the answer to a probe. */
const ALIVE = 0;

/** When the answers of one turn exceed this many bytes, they are written before more requests are read. */
const TURN_BYTES = 1024 * 1024;

/**
 * The calls and subscriptions of one client. Reading pauses while the client does not receive its answers, so the
 * buffer is limited to the answers of one turn and of the calls in progress, and to the messages that are allowed to
 * wait. A client that does not receive cannot cancel either; its subscriptions end when they exceed that limit.
 */
export class ServerConnection {
  private readonly preamble = new PreambleCheck();
  private readonly reader: FrameReader;
  private readonly answers: AnswerWriter;
  private readonly opened: ServerSubscriptions;
  private readonly admission: Admission;
  private inTheMaking = 0;
  private closing = false;

  constructor(
    readonly socket: Socket,
    readonly handler: Handler,
    readonly options: ConnectionOptions,
  ) {
    this.reader = new FrameReader(
      options.requestLimit,
      (id, operation, payload) => this.take(id, operation, payload),
      () => this.mayRead(),
    );
    this.answers = new AnswerWriter(socket, options, () => this.readOn());
    this.opened = new ServerSubscriptions(this.answers, options);
    const { preambleLimit } = options;
    this.admission = new Admission(socket, options);
    socket.setTimeout(preambleLimit, () => socket.destroy(new ProtocolError(`no preamble within ${preambleLimit} ms`)));
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('drain', () => this.readOn());
    socket.on('error', (error) => {
      // Other errors only mean that the client has disconnected.
      if (error instanceof ProtocolError || error instanceof ProofError) options.onError(error);
    });
    // After `end` nothing can be sent, but `close` may come much later.
    socket.on('end', () => this.opened.stopAll());
    socket.on('close', () => this.opened.stopAll());
  }

  /** Bytes of answers and messages that are buffered in this process. */
  get buffered(): number {
    return this.answers.buffered;
  }

  /** Number of open subscriptions. */
  get subscriptions(): number {
    return this.opened.size;
  }

  /** Ends subscriptions, starts no more calls, and closes the connection when those in progress are answered. */
  close(): void {
    this.closing = true;
    if (!this.preamble.passed) {
      this.socket.destroy();
      return;
    }
    this.opened.stopAll(CLOSING);
    this.answers.signal(NOBODY, CLOSING);
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
    return this.inTheMaking < callLimit && this.answers.collected < TURN_BYTES && !this.socket.writableNeedDrain;
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

  private take(id: number, operation: number, payload: Buffer): void {
    if (!this.admission.isGiven) this.admit(id, operation, payload);
    else if (operation === PROVE) throw new ProtocolError('a proof that was not asked for');
    else if (operation === CANCEL) this.opened.cancel(id);
    else if (operation === PROBE) this.answers.signal(id, ALIVE);
    else if (this.closing) this.answers.signal(id, CLOSING);
    else if (operation >= SUBSCRIPTIONS_FROM) this.opened.begin(id, operation, payload);
    else this.begin(id, operation, payload);
  }

  private admit(id: number, operation: number, payload: Buffer): void {
    const nonce = this.admission.consider(operation, payload);
    if (nonce) this.answers.answer(id, { status: ALIVE, payload: nonce });
  }

  private begin(id: number, operation: number, payload: Buffer): void {
    try {
      const reply = this.handler(operation, payload);
      if ('then' in reply) this.await(id, reply);
      else this.answers.answer(id, reply);
    } catch (error) {
      this.answers.fail(id, error);
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
      .then((made) => this.answers.answer(id, made))
      .catch((error) => this.answers.fail(id, error))
      .then(done);
  }

  private endWhenDone(): void {
    if (!this.closing || this.inTheMaking > 0) return;
    this.answers.flush();
    this.socket.end();
    // No more calls are started, but the end of a connection is only noticed while it is read.
    this.socket.removeAllListeners('data').resume();
  }
}
