export interface Address {
  host: string;
  port: number;
}

export interface Answer {
  /** 0 … 253 as the handler chose it, or `FAILED`. */
  status: number;
  /**
   * The bytes as a latin1 string, one character per byte. Strings are allocated on the heap, which is cheap at
   * thousands per second, and are written to a socket together with the headers. To decode it, use
   * `Buffer.from(payload, 'latin1')`.
   */
  payload: string;
}

/** Calls to the other side of one or more connections. */
export interface Link {
  /**
   * Rejects with a `LinkError`, at the latest when the deadline has passed. `operation` is 0 … 255; `payload` is copied
   * immediately.
   */
  call(operation: number, payload: Uint8Array): Promise<Answer>;
  /** Closes the connections; calls in flight reject with `CLOSED`. */
  close(): void;
}
