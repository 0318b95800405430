import type { AnswerWriter } from './answer-writer';
import type { ConnectionOptions } from './connection-options';
import { FULL, LAGGED } from './frame';
import type { Publisher } from './handlers';
import { ProtocolError } from './link-error';
import type { BorrowedBytes, BorrowedReply, Reply } from './reply';

/** The subscriptions of one client. */
export class ServerSubscriptions {
  private readonly open = new Map<number, Subscription>();

  constructor(
    readonly answers: AnswerWriter,
    readonly options: ConnectionOptions,
  ) {}

  get size(): number {
    return this.open.size;
  }

  /** Throws a `ProtocolError` if the id is in use. */
  begin(id: number, operation: number, payload: Buffer): void {
    if (this.open.has(id)) throw new ProtocolError(`the id ${id} already has a subscription`);
    if (this.open.size >= this.options.subscriptionLimit) {
      this.answers.signal(id, FULL);
      return;
    }
    const subscription = new Subscription(id, this);
    this.open.set(id, subscription);
    try {
      subscription.onStop = this.options.subscribe(operation, payload, subscription);
    } catch (error) {
      if (this.remove(subscription, 'ended')) this.answers.fail(id, error);
      else this.options.onError(error);
      return;
    }
    // The link may have ended it while the handler ran.
    if (subscription.state === 'stopped') this.callBack(subscription);
  }

  cancel(id: number): void {
    const subscription = this.open.get(id);
    if (subscription) this.stop(subscription);
  }

  /** Ends all subscriptions; sends `status` to the client, if given. */
  stopAll(status?: number): void {
    for (const subscription of this.open.values()) this.stop(subscription, status);
  }

  send(subscription: Subscription, payload: Uint8Array | BorrowedBytes): boolean {
    if (this.answers.buffered > this.options.messageBytes) {
      this.stop(subscription, LAGGED);
      return false;
    }
    this.answers.message(subscription.id, payload);
    return true;
  }

  end(subscription: Subscription, reply: Reply | BorrowedReply): void {
    this.remove(subscription, 'ended');
    try {
      this.answers.answer(subscription.id, reply);
    } catch (error) {
      this.answers.fail(subscription.id, error);
    }
  }

  private stop(subscription: Subscription, status?: number): void {
    this.remove(subscription, 'stopped');
    if (status !== undefined) this.answers.signal(subscription.id, status);
    this.callBack(subscription);
  }

  private remove(subscription: Subscription, state: 'ended' | 'stopped'): boolean {
    subscription.state = state;
    return this.open.delete(subscription.id);
  }

  private callBack({ onStop }: Subscription): void {
    try {
      onStop?.();
    } catch (error) {
      this.options.onError(error);
    }
  }
}

class Subscription implements Publisher {
  /** `ended` by the handler, or `stopped` by the client or the link. */
  state: 'open' | 'ended' | 'stopped' = 'open';
  /** Undefined until the handler has returned. */
  onStop: (() => void) | undefined;

  constructor(
    readonly id: number,
    private readonly subscriptions: ServerSubscriptions,
  ) {}

  send(payload: Uint8Array | BorrowedBytes): boolean {
    return this.state === 'open' && this.subscriptions.send(this, payload);
  }

  end(reply: Reply | BorrowedReply): void {
    if (this.state === 'open') this.subscriptions.end(this, reply);
  }
}
