const RETRYABLE = {
  /** No connection, or it broke before the answer. Every call is a read, so that asking again harms nothing. */
  DISCONNECTED: true,
  /** No answer within the deadline. */
  TIMEOUT: true,
  /** Too many calls are in flight; nothing was sent. */
  OVERLOADED: true,
  /** The request is longer than the other side reads, or names no operation of 0 … 255; nothing was sent. */
  REFUSED: false,
  /** This side closed the link. */
  CLOSED: false,
};

export type LinkErrorCode = keyof typeof RETRYABLE;

/** Why a call has no answer. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  /** Whether the same call can succeed later or elsewhere. */
  readonly retryable: boolean;

  constructor(
    readonly code: LinkErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryable = RETRYABLE[code];
  }
}

/** The other side does not speak this protocol, or not rightly; its connection is destroyed with this error. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
