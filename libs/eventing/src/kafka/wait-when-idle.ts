import Broker from 'kafkajs/src/broker';

/**
 * Milliseconds that a fetch waits for a message if the one before it brought none. kafkajs leaves a group only after the
 * fetch: the limits for stopping must be longer.
 */
export const IDLE_WAIT = 300;

type Fetch = Broker['fetch'];

/**
 * Changes `fetch`: after a fetch without messages, the next one returns with the first message, even if the consumer
 * otherwise waits for more. An idle consumer thus asks less often, and reads the first message sooner.
 */
export function waitWhenIdle(fetch: Fetch): Fetch {
  const idle = new WeakSet<Broker>();
  return async function (this: Broker, request) {
    const wait = idle.has(this)
      ? { minBytes: 1, maxWaitTime: Math.max(request.maxWaitTime, IDLE_WAIT) }
      : { minBytes: request.minBytes, maxWaitTime: request.maxWaitTime };
    const answer = await fetch.call(this, { ...request, ...wait });
    const isEmpty = answer.responses.every(({ partitions }) =>
      partitions.every(({ messages }) => messages.length === 0),
    );
    if (isEmpty) idle.add(this);
    else idle.delete(this);
    return answer;
  };
}

/** Changes all consumers of kafkajs, which has no such setting. */
export function waitWhenConsumersAreIdle(): void {
  Broker.prototype.fetch = waitWhenIdle(Broker.prototype.fetch);
}
