import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { responseHead } from '../connections/response-head';
import { takeConnection } from '../connections/take-connection';

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** Milliseconds for a client to read the last text. */
const LINGER = 2_000;

/** The connection to a client that receives a stream as the body of an answer. Texts have one character per byte. */
export class StreamConnection {
  private constructor(
    private readonly socket: Socket,
    private readonly isChunked: boolean,
  ) {}

  /** Begins the answer to a request. Undefined if that is impossible; see takeConnection. */
  static begin(
    request: IncomingMessage,
    response: ServerResponse,
    headers: Record<string, string>,
  ): StreamConnection | undefined {
    const socket = takeConnection(request, response);
    if (!socket) return undefined;
    // Clients of HTTP/1.0 read until the connection is closed.
    const isChunked = request.httpVersion !== '1.0';
    const framing = { ...(isChunked && { 'transfer-encoding': 'chunked' }), connection: 'close' };
    const head = { ...headers, ...STREAM_HEADERS, date: new Date().toUTCString(), ...framing };
    socket.write(responseHead(200, head), 'latin1');
    return new StreamConnection(socket, isChunked);
  }

  /** Bytes that were written and have not been given to the system. */
  get unread(): number {
    return this.socket.writableLength;
  }

  /** Calls `then` when either side has closed the connection. */
  onClose(then: () => void): void {
    this.socket.once('close', then);
  }

  write(text: string): void {
    this.socket.write(this.framed(text), 'latin1');
  }

  /** Writes the last text, and closes the connection once everything is sent, or after a time limit. Resolves then. */
  end(text: string): Promise<void> {
    this.socket.write(this.framed(text) + (this.isChunked ? LAST_CHUNK : ''), 'latin1');
    this.socket.destroySoon();
    const late = setTimeout(() => this.socket.destroy(), LINGER).unref();
    return new Promise((resolve) => {
      this.onClose(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  /** Closes the connection without sending what is unread. */
  destroy(): void {
    this.socket.destroy();
  }

  /** Calls `then` later, when nothing is unread. */
  whenRead(then: () => void): void {
    if (this.socket.writableNeedDrain) this.socket.once('drain', then);
    else setImmediate(then);
  }

  private framed(text: string): string {
    // An empty chunk would be the last one.
    return this.isChunked && text ? `${text.length.toString(16)}\r\n${text}\r\n` : text;
  }
}

const LAST_CHUNK = '0\r\n\r\n';
