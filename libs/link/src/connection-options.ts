import type { SubscribeHandler } from './handlers';

export interface ConnectionOptions {
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
  /** Milliseconds within which a connection must send the preamble. */
  preambleLimit: number;
  /** Called with errors of handlers and with protocol violations. */
  onError: (error: unknown) => void;
}
