declare const borrowed: unique symbol;

/**
 * Bytes of a reused buffer: valid until the next call of the function that returned them, so never across an `await`.
 * The type is not a `Uint8Array`, so that keeping the bytes requires a copy.
 */
export interface BorrowedBytes {
  readonly [borrowed]: true;
}

export interface Reply {
  /** 0 … 250; higher values are reserved for the link. */
  status: number;
  /** Copied when the handler returns, its promise is fulfilled, or the subscription is ended; may change afterwards. */
  payload: Uint8Array;
}

/** A reply with borrowed bytes: send it immediately, or copy it with {@link keep}. */
export interface BorrowedReply {
  status: number;
  payload: BorrowedBytes;
}

/** Marks bytes of a buffer that will be reused. */
export const lend = (bytes: Uint8Array): BorrowedBytes => bytes as unknown as BorrowedBytes;

/** The bytes themselves, for a caller that uses them synchronously. */
export const readAtOnce = (bytes: Uint8Array | BorrowedBytes): Uint8Array => bytes as unknown as Uint8Array;

export const copyOf = (bytes: BorrowedBytes): Buffer => Buffer.from(readAtOnce(bytes));

/** The reply with a copy of the bytes. */
export const keep = ({ status, payload }: BorrowedReply): Reply => ({ status, payload: copyOf(payload) });
