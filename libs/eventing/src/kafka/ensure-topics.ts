import { setTimeout as pause } from 'node:timers/promises';
import { COMPACTED_TOPICS, DEAD_LETTER_TOPIC, DEFAULT_PARTITIONS, TOPICS } from '@activity-feed/contracts';
import type { Admin, Kafka } from 'kafkajs';
import { WrongPartitions } from '../wrong-partitions';
import type { KafkaSettings } from './connection';

const EVENT_TOPICS = Object.values(TOPICS);
/** How often, and milliseconds after which, new topics are looked for. */
const ATTEMPTS = 50;
const RETRY_AFTER = 100;
const DEAD_LETTER_MAX_BYTES = String(4 * 1024 * 1024);

/** Number of partitions by topic, without the prefix. */
export type TopicPartitions = ReadonlyMap<string, number>;

/**
 * Creates those of `topics` that are missing, with unlimited retention so that the log can be replayed from its start.
 * Returns the number of partitions of each; throws WrongPartitions if the event topics have different numbers.
 */
export async function ensureTopics(kafka: Kafka, settings: KafkaSettings, topics: string[]): Promise<TopicPartitions> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const looked = [...new Set([...topics, ...EVENT_TOPICS])];
    let present = await readPartitions(admin, settings, looked);
    const missing = topics.filter((topic) => !present.has(topic));
    if (missing.length > 0) {
      await createTopics(admin, settings, missing, present).catch(unlessUnlisted);
      present = await readNewPartitions(admin, settings, looked, missing);
      assertKnown(missing, present);
    }
    assertAlike(present);
    return present;
  } finally {
    await admin.disconnect();
  }
}

async function createTopics(
  admin: Admin,
  settings: KafkaSettings,
  missing: string[],
  present: TopicPartitions,
): Promise<void> {
  // All event topics must have the same number, so an existing one takes precedence over the setting.
  const [alike] = EVENT_TOPICS.flatMap((topic) => present.get(topic) ?? []);
  const numPartitions = alike ?? settings.partitions ?? DEFAULT_PARTITIONS;
  const { minInsyncReplicas } = settings;
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({
      topic: settings.prefix + topic,
      numPartitions,
      replicationFactor: settings.replicationFactor,
      configEntries: [
        { name: 'retention.ms', value: '-1' },
        { name: 'retention.bytes', value: '-1' },
        ...(COMPACTED_TOPICS.includes(topic) ? [{ name: 'cleanup.policy', value: 'compact' }] : []),
        ...(minInsyncReplicas ? [{ name: 'min.insync.replicas', value: String(minInsyncReplicas) }] : []),
        // A dead letter is larger than the original message: it has additional headers.
        ...(topic === DEAD_LETTER_TOPIC ? [{ name: 'max.message.bytes', value: DEAD_LETTER_MAX_BYTES }] : []),
      ],
    })),
  });
}

async function readPartitions(admin: Admin, { prefix }: KafkaSettings, topics: string[]): Promise<TopicPartitions> {
  const listed = new Set(await admin.listTopics());
  const present = topics.map((topic) => prefix + topic).filter((topic) => listed.has(topic));
  // An empty list would return all topics of the broker.
  if (present.length === 0) return new Map();
  const described = await admin.fetchTopicMetadata({ topics: present });
  return new Map(described.topics.map(({ name, partitions }) => [name.slice(prefix.length), partitions.length]));
}

/** Reads again while the broker does not list some of the topics `created`. */
async function readNewPartitions(
  admin: Admin,
  settings: KafkaSettings,
  topics: string[],
  created: string[],
): Promise<TopicPartitions> {
  let present: TopicPartitions | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(RETRY_AFTER);
    present = await readPartitions(admin, settings, topics).catch(unlessUnlisted);
    if (present && created.every((topic) => present?.get(topic))) break;
  }
  return present ?? new Map();
}

/** kafkajs takes it for an error that a broker does not list a new topic yet. */
function unlessUnlisted(error: unknown): undefined {
  const { type } = error as { type?: string };
  if (type !== 'UNKNOWN_TOPIC_OR_PARTITION' && type !== 'LEADER_NOT_AVAILABLE') throw error;
}

/** For a moment, other brokers than the one that created a topic may not list it. */
function assertKnown(topics: string[], present: TopicPartitions): void {
  const unknown = topics.find((topic) => !present.get(topic));
  if (unknown) throw new Error(`the broker does not list the new topic ${unknown} yet`);
}

function assertAlike(present: TopicPartitions): void {
  const [first, ...others] = EVENT_TOPICS.filter((topic) => present.has(topic));
  for (const topic of others) {
    const [has, wanted] = [present.get(topic) as number, present.get(first as string) as number];
    if (has !== wanted) throw new WrongPartitions(topic, has, `the ${wanted} of ${first}`);
  }
}
