import type { LinkError } from './link-error';

export interface Address {
  host: string;
  port: number;
}

export interface Answer {
  /** 0 … 250 as the handler chose it, or `FAILED`. */
  status: number;
  /**
   * The bytes as a latin1 string, one character per byte. Strings are allocated on the heap, which is cheap at
   * thousands per second, and are written to a socket together with the headers. To decode it, use
   * `Buffer.from(payload, 'latin1')`.
   */
  payload: string;
}

/** Receives what the server sends to a subscription. An error that it throws is an uncaught exception. */
export interface Subscriber {
  /** The bytes as in `Answer`. */
  message(payload: string): void;
  /** Called once, unless unsubscribed before, and after all messages: the server's answer, or why there is none. */
  ended(end: Answer | LinkError): void;
}

/** Calls and subscriptions to the other side of one or more connections. */
export interface Link {
  /**
   * Rejects with a `LinkError`, at the latest when the deadline has passed. `operation` is 0 … 127; `payload` is copied
   * immediately.
   */
  call(operation: number, payload: Uint8Array): Promise<Answer>;
  /**
   * One request to which the server sends messages until either side ends it. `operation` is 128 … 253; `payload` is
   * copied immediately. There is no retry: to continue after the end, subscribe again, after a pause if the end is an
   * error. The returned function unsubscribes; `subscriber` is never called during `subscribe` nor afterwards.
   */
  subscribe(operation: number, payload: Uint8Array, subscriber: Subscriber): () => void;
  /** Closes the connections; calls in flight reject and subscriptions end with `CLOSED`. */
  close(): void;
}
