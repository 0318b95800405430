const RETRYABLE = {
  /**
   * Not connected, or the connection broke or the server closed before the answer. Every call is a read, so it is safe
   * to repeat.
   */
  DISCONNECTED: true,
  /** No answer before the deadline. */
  TIMEOUT: true,
  /**
   * Too many calls in flight, and nothing was sent; or the server ended the subscription, as there are too many or this
   * side does not receive the messages.
   */
  OVERLOADED: true,
  /** The request is too long, or its operation is not in the range; nothing was sent. */
  REFUSED: false,
  /** This side closed the link. */
  CLOSED: false,
};

export type LinkErrorCode = keyof typeof RETRYABLE;

/** Why a call has no answer. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  /** Whether the same request can succeed later or on another server. */
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

/** A client has not proved that it knows the secret; its connection is destroyed with this error. */
export class ProofError extends Error {
  override readonly name = 'ProofError';

  constructor(
    reason: string,
    /** The address of the client. */
    readonly from: string | undefined,
  ) {
    super(reason);
  }
}

/** The peer violates the protocol; its connection is destroyed with this error. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
