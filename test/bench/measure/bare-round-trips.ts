import { type Summary, summary } from '../../load/measure/percentiles.ts';
import { evenTimes } from '../../load/traffic/arrivals.ts';
import { onTime } from '../../load/traffic/on-time.ts';
import { bareKafka, withProducer } from './bare-kafka.ts';
import { until } from './until.ts';

/** The same rate as the freshness probes. */
const PER_SECOND = 5;

/** Milliseconds from sending a message until a consumer with the projector's settings receives it. */
export async function bareRoundTrips(
  brokers: string,
  topic: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Summary> {
  return withProducer(brokers, topic, 1, async (producer) => {
    const consumer = bareKafka(brokers).consumer({ groupId: topic, maxWaitTimeInMs: 100 });
    const times: number[] = [];
    let here = 0;
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        here++;
        const sentAt = Number(message.value);
        if (sentAt > 0) times.push(performance.now() - sentAt);
      },
    });
    try {
      // The first message shows that the consumer has joined its group. It is not measured.
      await producer.send({ topic, messages: [{ value: '0' }] });
      await until(async () => here > 0, signal);
      let sent = 0;
      const send = () => {
        sent++;
        void producer.send({ topic, acks: -1, messages: [{ value: String(performance.now()) }] });
      };
      await onTime(evenTimes(PER_SECOND, seconds * 1_000), send, signal);
      await until(async () => times.length >= sent, signal);
    } finally {
      await consumer.disconnect();
    }
    return summary(times);
  });
}
