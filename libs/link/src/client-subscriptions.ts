import { CLOSING, FULL, LAGGED, MESSAGE } from './frame';
import type { Answer, Subscriber } from './link';
import { LinkError } from './link-error';

/** What the subscriptions need of their client. */
interface Connection {
  /** Milliseconds between probes. */
  probeEvery: number;
  /** Sends a call, so that a server that has vanished is noticed. */
  probe: () => void;
  cancel: (id: number) => void;
  disconnected: () => LinkError;
}

interface Subscription {
  /** Undefined when it is over. */
  subscriber: Subscriber | undefined;
}

/** The subscriptions of one client. One timer serves all of them; it runs only while there are subscriptions. */
export class ClientSubscriptions {
  private readonly open = new Map<number, Subscription>();
  private timer: NodeJS.Timeout | undefined;

  constructor(readonly connection: Connection) {}

  get size(): number {
    return this.open.size;
  }

  has(id: number): boolean {
    return this.open.has(id);
  }

  /** Returns the function that unsubscribes. */
  add(id: number, subscriber: Subscriber): () => void {
    const subscription: Subscription = { subscriber };
    this.open.set(id, subscription);
    this.timer ??= setInterval(() => this.probe(), this.connection.probeEvery).unref();
    return () => {
      // Not by the id alone: after the end another subscription may have it.
      if (!subscription.subscriber) return;
      subscription.subscriber = undefined;
      this.open.delete(id);
      this.connection.cancel(id);
    };
  }

  /** Like `add`, for a subscription that is not sent: it ends after the caller has received the function. */
  refuse(subscriber: Subscriber, error: LinkError): () => void {
    const subscription: Subscription = { subscriber };
    queueMicrotask(() => end(subscription, error));
    return () => {
      subscription.subscriber = undefined;
    };
  }

  /** Takes a frame; those for unknown ids are late. */
  receive(id: number, status: number, payload: Buffer): void {
    const subscription = this.open.get(id);
    if (!subscription) return;
    if (status === MESSAGE) {
      deliver(subscription, payload);
      return;
    }
    this.open.delete(id);
    end(subscription, this.endOf(status, payload));
  }

  endAll(error: LinkError): void {
    const all = [...this.open.values()];
    this.open.clear();
    for (const subscription of all) end(subscription, error);
  }

  private endOf(status: number, payload: Buffer): Answer | LinkError {
    if (status === CLOSING) return this.connection.disconnected();
    if (status === FULL) return new LinkError('OVERLOADED', 'the server refused the subscription: there are too many');
    if (status === LAGGED) {
      return new LinkError('OVERLOADED', 'the server ended the subscription: its messages were not received');
    }
    return { status, payload: payload.toString('latin1') };
  }

  private probe(): void {
    if (this.open.size > 0) {
      this.connection.probe();
      return;
    }
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

function deliver({ subscriber }: Subscription, payload: Buffer): void {
  try {
    subscriber?.message(payload.toString('latin1'));
  } catch (error) {
    throwLater(error);
  }
}

function end(subscription: Subscription, outcome: Answer | LinkError): void {
  const { subscriber } = subscription;
  subscription.subscriber = undefined;
  try {
    subscriber?.ended(outcome);
  } catch (error) {
    throwLater(error);
  }
}

/** Thrown where it arises, it would break the connection, and with it everything of other callers. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
