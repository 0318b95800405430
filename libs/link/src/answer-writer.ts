import type { Socket } from 'node:net';
import type { ConnectionOptions } from './connection-options';
import { EMPTY, ENVELOPE_BYTES, FAILED, MESSAGE, RESERVED_FROM } from './frame';
import { type BorrowedBytes, type BorrowedReply, type Reply, readAtOnce } from './reply';
import { TurnWriter } from './turn-writer';

/** Sends answers and messages to one client. Payloads are copied. */
export class AnswerWriter {
  private readonly writer: TurnWriter;

  constructor(
    readonly socket: Socket,
    readonly options: ConnectionOptions,
    onWritten: () => void,
  ) {
    this.writer = new TurnWriter(socket, onWritten);
  }

  /** Bytes not yet passed to the socket. */
  get collected(): number {
    return this.writer.bytes;
  }

  /** Bytes that are buffered in this process. */
  get buffered(): number {
    return this.writer.bytes + this.socket.writableLength;
  }

  /** Throws a `RangeError` if the reply cannot be sent. */
  answer(id: number, { status, payload }: Reply | BorrowedReply): void {
    if (!(Number.isInteger(status) && status >= 0 && status < RESERVED_FROM)) {
      throw new RangeError(`status must be an integer between 0 and ${RESERVED_FROM - 1}, not ${status}`);
    }
    this.add('answer', id, status, payload);
  }

  /** Throws a `RangeError` if the message is too long. */
  message(id: number, payload: Uint8Array | BorrowedBytes): void {
    this.add('message', id, MESSAGE, payload);
  }

  /** Answers with a status and no payload. */
  signal(id: number, status: number): void {
    this.writer.add(id, status, EMPTY);
  }

  fail(id: number, error: unknown): void {
    this.signal(id, FAILED);
    this.options.onError(error);
  }

  flush(): void {
    this.writer.flush();
  }

  private add(kind: string, id: number, status: number, given: Uint8Array | BorrowedBytes): void {
    const payload = readAtOnce(given);
    const length = payload.length + ENVELOPE_BYTES;
    if (length > this.options.answerLimit) {
      throw new RangeError(`${kind} frame of ${length} bytes; at most ${this.options.answerLimit} allowed`);
    }
    this.writer.add(id, status, payload);
  }
}
