import type { BorrowedBytes, BorrowedReply, Reply } from './reply';

/**
 * Answers synchronously or with a promise. A synchronous reply may borrow its bytes, as they are copied immediately.
 * Errors and rejections are answered as `FAILED` and passed to `onError`. `payload` is a view of the chunk that was
 * read: it does not change, but holds the whole chunk in memory, so copy what is kept after the answer.
 */
export type Handler = (operation: number, payload: Buffer) => Reply | BorrowedReply | Promise<Reply>;

/**
 * Begins a subscription. It may send messages and end the subscription before it returns. The function it returns is
 * called once when the subscription ends other than by `publisher.end`: the client cancels it, does not receive its
 * messages, or disconnects, or the server closes. A handler that throws ends the subscription as `FAILED`. `payload` is
 * only for use during the call: copy what is kept.
 */
export type SubscribeHandler = (operation: number, payload: Buffer, publisher: Publisher) => () => void;

/** The server's side of a subscription. */
export interface Publisher {
  /**
   * Copies and sends the message. Returns false, and does nothing, if the subscription is over. If the client does not
   * receive its messages, this ends the subscription: the handler's function is called before this returns false.
   * Throws a `RangeError`, and the subscription continues, if the message is too long.
   */
  send(payload: Uint8Array | BorrowedBytes): boolean;
  /** Ends the subscription unless it is over. A reply that cannot be sent becomes `FAILED` and is passed to `onError`. */
  end(reply: Reply | BorrowedReply): void;
}
