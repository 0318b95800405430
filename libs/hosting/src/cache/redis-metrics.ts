import type { Redis } from 'ioredis';
import { Counter, Gauge } from 'prom-client';

const clients = new Set<Redis>();

new Gauge({
  name: 'redis_up',
  help: 'Whether the process is connected to Redis',
  collect() {
    // For a process without Redis.
    this.set(Number.NaN);
    for (const { status } of clients) this.set(status === 'ready' ? 1 : 0);
  },
});

const failures = new Counter({
  name: 'redis_command_failures_total',
  help: 'Commands that Redis did not answer within the time limit, or answered with an error',
});

/** Measures a client's connection, and those of its commands that fail. */
export function measureRedis(redis: Redis): void {
  clients.add(redis);
  redis.once('end', () => clients.delete(redis));
  const send = redis.sendCommand;
  redis.sendCommand = function (command, ...rest) {
    command.promise.catch(countFailure);
    return send.call(this, command, ...rest);
  };
}

/** A script that Redis does not know is sent again, as a whole. */
function countFailure({ message }: Error): void {
  if (!message.startsWith('NOSCRIPT')) failures.inc();
}
