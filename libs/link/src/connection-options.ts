import type { SubscribeHandler } from './handlers';

/** What a server requires of a client before it answers anything else. */
export interface RequiredProof {
  newNonce(): Uint8Array;
  isProof(nonce: Uint8Array, proof: Uint8Array): boolean;
}

export interface ConnectionOptions {
  /** Unset: every client is answered. */
  proof: RequiredProof | undefined;
  /** Without it, subscriptions are answered as `FAILED`. */
  subscribe: SubscribeHandler;
  /** Maximum bytes of a request's frame; a longer one destroys the connection. */
  requestLimit: number;
  /** Maximum bytes of an answer's or message's frame that clients accept; a longer answer is replaced by `FAILED`. */
  answerLimit: number;
  /** Maximum unanswered calls of one connection; then reading pauses. */
  callLimit: number;
  /** Maximum subscriptions of one connection; further ones are refused. */
  subscriptionLimit: number;
  /** Maximum bytes that may be buffered for one connection when a message is sent; beyond, its subscription ends. */
  messageBytes: number;
  /** Milliseconds within which a connection must send the preamble, and the proof if one is required. */
  preambleLimit: number;
  /** Called with errors of handlers and with protocol violations. */
  onError: (error: unknown) => void;
}
