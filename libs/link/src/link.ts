export interface Address {
  host: string;
  port: number;
}

/** `status` is 0 … 253 as the handler chose it, or `FAILED`. */
export interface Answer {
  status: number;
  /** May be a part of what one read brought, up to 64 KiB: copy it before keeping it for long. */
  payload: Buffer;
}

/** Calls to the other side of one or more connections. */
export interface Link {
  /**
   * Rejects with a `LinkError`, `deadline` milliseconds later at the latest. `operation` is 0 … 255; `payload` is not
   * copied at once and must stay as it is until the call has ended.
   */
  call(operation: number, payload: Uint8Array): Promise<Answer>;
  /** Whether a call made now would be sent at once. */
  readonly connected: boolean;
  /** Ends the connections; calls under way reject with `CLOSED`. */
  close(): void;
}
