import { connectKafka } from '@activity-feed/eventing';
import { type Admin, KafkaJSProtocolError } from 'kafkajs';
import { eventually } from './eventually';
import { testServers, uniqueName } from './servers';
import { silent } from './test-database';

export interface TopicMessage {
  partition: number;
  offset: bigint;
  key: string;
  headers: Record<string, string>;
  value: string;
}

/** All current messages of `topic` (a name with prefix), ordered by partition and offset. */
export async function readTopic(topic: string, brokers = testServers().brokers): Promise<TopicMessage[]> {
  const kafka = connect(brokers);
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await topicOffsets(admin, topic).catch(async (error) => {
    await admin.disconnect();
    throw error;
  });
  const wanted = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const messages: TopicMessage[] = [];
  const groupId = uniqueName();
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      const text = Object.entries(message.headers ?? {}).map(([name, header]) => [name, String(header)]);
      messages.push({
        partition,
        offset: BigInt(message.offset),
        key: String(message.key),
        headers: Object.fromEntries(text),
        value: String(message.value),
      });
    },
  });
  try {
    await eventually(`${wanted} messages of ${topic} are read`, () => messages.length >= wanted);
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]);
    await admin.disconnect();
  }
  return messages.sort((a, b) => a.partition - b.partition || (a.offset < b.offset ? -1 : 1));
}

/** The names of all topics that begin with `prefix`. */
export function topicsWith(prefix: string): Promise<string[]> {
  return withAdmin(testServers().brokers, (admin) => findTopics(admin, prefix));
}

/** Deletes all topics whose names begin with `prefix`. A test server with the topics of a whole run becomes slow. */
export function deleteTopics(prefix: string, brokers = testServers().brokers): Promise<void> {
  return withAdmin(brokers, async (admin) => {
    const topics = await findTopics(admin, prefix);
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}

const connect = (brokers: string[]) =>
  connectKafka({ brokers, clientId: 'test', prefix: '', replicationFactor: 1 }, silent);

const findTopics = async (admin: Admin, prefix: string): Promise<string[]> =>
  (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));

async function withAdmin<Result>(brokers: string[], work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = connect(brokers).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}

/** Waits while partitions have no leader, such as after a broker was frozen. Throws other errors. */
async function topicOffsets(admin: Admin, topic: string) {
  const answer = await eventually(`${topic} has leaders`, () =>
    admin.fetchTopicOffsets(topic).catch((error: Error) => (isLeaderless(error) ? undefined : error)),
  );
  if (answer instanceof Error) throw answer;
  return answer;
}

const isLeaderless = (error: Error) =>
  error instanceof KafkaJSProtocolError && error.type === 'NOT_LEADER_FOR_PARTITION';
