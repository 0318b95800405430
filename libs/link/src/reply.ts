declare const borrowed: unique symbol;

/**
 * Bytes of a buffer that is used again: valid until their lender's next call, so never across an `await`. They are no
 * `Uint8Array`, so that to keep them is to copy them.
 */
export interface BorrowedBytes {
  readonly [borrowed]: true;
}

export interface Reply {
  /** 0 … 253; what is above belongs to the link. */
  status: number;
  /** Copied when the handler returns, or its promise is fulfilled; free to change afterwards. */
  payload: Uint8Array;
}

/** A reply that is sent at once, or copied. */
export interface BorrowedReply {
  status: number;
  payload: BorrowedBytes;
}

/** Marks bytes of a buffer that the caller is going to use again. */
export const lend = (bytes: Uint8Array): BorrowedBytes => bytes as unknown as BorrowedBytes;

/** The bytes themselves, for a caller that is done with them before anything else runs. */
export const readAtOnce = (bytes: Uint8Array | BorrowedBytes): Uint8Array => bytes as unknown as Uint8Array;

/** A copy, to keep. */
export const copyOf = (bytes: BorrowedBytes): Buffer => Buffer.from(readAtOnce(bytes));

/** The reply with bytes of its own, to keep. */
export const keep = ({ status, payload }: BorrowedReply): Reply => ({ status, payload: copyOf(payload) });
