export interface Address {
  host: string;
  port: number;
}

/** `status` is 0 … 253 as the handler chose it, or `FAILED`. */
export interface Answer {
  status: number;
  /**
   * Bytes as a text of as many characters ("latin1"): it lives in the heap, where thousands a second cost little, and
   * goes on to a socket in one piece with what precedes it. What is to be read is `Buffer.from(payload, 'latin1')`.
   */
  payload: string;
}

/** Calls to the other side of one or more connections. */
export interface Link {
  /**
   * Rejects with a `LinkError`, `deadline` milliseconds later at the latest. `operation` is 0 … 255; `payload` is copied
   * at once.
   */
  call(operation: number, payload: Uint8Array): Promise<Answer>;
  /** Ends the connections; calls under way reject with `CLOSED`. */
  close(): void;
}
