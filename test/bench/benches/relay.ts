import { DEFAULT_PARTITIONS, encodeEvent } from '@activity-feed/contracts';
import type { Producer } from 'kafkajs';
import type { BenchSystem } from '../bench-system.ts';
import type { Benchmark } from '../benchmark.ts';
import { alternately } from '../measure/alternately.ts';
import { withProducer } from '../measure/bare-kafka.ts';
import { madeEvents, unsent, writeEvents } from '../measure/made-events.ts';
import { until } from '../measure/until.ts';

/** The number of messages that the relay sends at once. */
const BATCH = 1_000;

/** From the events table to Kafka. The feed is stopped, so that its projector is not measured too. */
export const relay: Benchmark = {
  name: 'relay',
  reference: () => `a bare kafkajs producer that sends the same messages, ${BATCH} at once, also with acks=all`,
  run: ({ sizes: { rounds, events: count }, signal, withSystem }) =>
    withSystem(async (system) => {
      await system.services.feed.end();
      const topic = `${system.prefix}reference`;
      return withProducer(system.servers.kafka, topic, DEFAULT_PARTITIONS, async (producer) => {
        // Warm up both.
        await produced(producer, topic, count, rounds);
        await relayed(system, count, rounds, signal);
        const { reference, ours } = await alternately(
          rounds,
          (round) => produced(producer, topic, count, round),
          (round) => relayed(system, count, round, signal),
        );
        return [{ name: 'events', unit: '/s', ours, reference }];
      });
    }),
};

async function relayed(system: BenchSystem, count: number, round: number, signal: AbortSignal): Promise<number> {
  const events = system.stores.write.activity;
  await writeEvents(events, madeEvents(count, round));
  const committedAt = performance.now();
  const sentAt = await until(async () => (await unsent(events)) === 0, signal);
  return (count * 1_000) / (sentAt - committedAt);
}

async function produced(producer: Producer, topic: string, count: number, round: number): Promise<number> {
  const messages = madeEvents(count, round).map((event) => encodeEvent(event));
  const startedAt = performance.now();
  for (let first = 0; first < count; first += BATCH) {
    await producer.send({ topic, acks: -1, messages: messages.slice(first, first + BATCH) });
  }
  return (count * 1_000) / (performance.now() - startedAt);
}
