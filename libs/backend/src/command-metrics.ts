import type { CommandObserver, EventStore } from '@activity-feed/eventing';
import { Counter, Gauge, Histogram } from 'prom-client';
import { traceCommand } from './traces/trace-commands';

const refused = new Counter({
  name: 'commands_refused_total',
  help: 'Commands that were refused because they were late (expired) or too many were waiting (queue-full)',
  labelNames: ['reason'],
});

const durations = new Histogram({
  name: 'command_duration_seconds',
  help: 'Time from the arrival of a command until its end',
  labelNames: ['command', 'outcome'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
});

const batches = new Histogram({
  name: 'command_batch_size',
  help: 'Commands in one transaction',
  buckets: [1, 2, 5, 10, 20, 50, 100],
});

// Shows that there were none.
for (const reason of ['expired', 'queue-full']) refused.inc({ reason }, 0);

export const observeCommands: CommandObserver = {
  refused: (reason) => refused.inc({ reason }),
  ended: (command, outcome, after) => durations.observe({ command, outcome }, after / 1_000),
  began: (commands) => batches.observe(commands),
  arrived: traceCommand,
};

/** Reads the number of waiting commands at each scrape. */
export function measureWaiting(events: EventStore): void {
  new Gauge({
    name: 'commands_waiting',
    help: 'Commands that wait for a transaction',
    collect() {
      this.set(events.waiting);
    },
  });
}
