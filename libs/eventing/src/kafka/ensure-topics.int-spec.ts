import { DEFAULT_PARTITIONS, goldenMessages, TOPICS } from '@activity-feed/contracts';
import { type Admin, ConfigResourceTypes } from 'kafkajs';
import { createTopic } from '../../../../test/harness/create-topic';
import { eventually } from '../../../../test/harness/eventually';
import { testServers, uniqueName } from '../../../../test/harness/servers';
import { silent } from '../../../../test/harness/test-database';
import { readTopic } from '../../../../test/harness/topic-reader';
import { WrongPartitions } from '../wrong-partitions';
import { connectKafka, type KafkaSettings } from './connection';
import { ensureTopics } from './ensure-topics';
import { kafkaPublisher } from './kafka-publisher';

const { activity, 'social-graph': socialGraph } = TOPICS;

describe('topics', () => {
  let kafka: KafkaSettings;
  let admin: Admin;

  beforeEach(async () => {
    kafka = { brokers: testServers().brokers, clientId: 'test', prefix: `${uniqueName()}.`, replicationFactor: 1 };
    admin = connectKafka(kafka, silent).admin();
    await admin.connect();
  });
  afterEach(() => admin.disconnect());

  const ensure = (more: Partial<KafkaSettings>, ...topics: string[]) =>
    ensureTopics(connectKafka(kafka, silent), { ...kafka, ...more }, topics);

  const create = (topic: string, numPartitions: number) => createTopic(admin, kafka.prefix + topic, numPartitions);

  /** Publishes enough keys to reach every partition; returns the number of partitions that received a message. */
  async function partitionsReached(settings: KafkaSettings): Promise<number> {
    const publisher = await kafkaPublisher(settings, activity, silent)();
    const [message] = goldenMessages as [(typeof goldenMessages)[number]];
    await publisher.publish(Array.from({ length: 200 }, (_, key) => ({ ...message, key: String(key) })));
    await publisher.close();
    const messages = await readTopic(kafka.prefix + activity);
    // Messages to a partition that does not exist are lost silently.
    expect(messages).toHaveLength(200);
    return new Set(messages.map(({ partition }) => partition)).size;
  }

  it('are created with the configured number of partitions', async () => {
    expect(await ensure({ partitions: 4 }, activity)).toEqual(new Map([[activity, 4]]));
    expect((await ensure({}, socialGraph)).get(socialGraph)).toBe(4);
  });

  it('have 6 partitions by default', async () => {
    expect((await ensure({}, activity)).get(activity)).toBe(DEFAULT_PARTITIONS);
    expect(DEFAULT_PARTITIONS).toBe(6);
  });

  it.each([
    [4, 6],
    [6, 4],
  ])('keep their %i partitions when %i are configured, and receive events in all of them', async (has, wanted) => {
    await create(activity, has);
    expect((await ensure({ partitions: wanted }, activity)).get(activity)).toBe(has);
    expect(await partitionsReached({ ...kafka, partitions: wanted })).toBe(has);
  });

  it('that are recreated with fewer partitions reject messages for missing partitions', async () => {
    await create(activity, 6);
    const publisher = await kafkaPublisher(kafka, activity, silent)();
    await admin.deleteTopics({ topics: [kafka.prefix + activity] });
    await eventually('the topic is gone', async () => !(await admin.listTopics()).includes(kafka.prefix + activity));
    await create(activity, 2);
    const [message] = goldenMessages as [(typeof goldenMessages)[number]];
    const messages = Array.from({ length: 200 }, (_, key) => ({ ...message, key: String(key) }));
    try {
      await expect(publisher.publish(messages)).rejects.toThrow(
        `messages for partitions 2,3,4,5 of ${activity} were not stored`,
      );
    } finally {
      await publisher.close();
    }
  });

  it('of events are refused when their numbers of partitions differ; the error names them', async () => {
    await create(socialGraph, 6);
    await create(activity, 4);
    const says = `${activity} has 4 partitions; it must have the 6 of ${socialGraph}`;
    await expect(ensure({}, socialGraph, activity)).rejects.toThrow(WrongPartitions);
    await expect(kafkaPublisher(kafka, activity, silent)()).rejects.toThrow(says);
  });

  it('are created with the configured number of in-sync replicas', async () => {
    await ensure({ minInsyncReplicas: 1 }, activity);
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: kafka.prefix + activity }];
    const { resources: described } = await admin.describeConfigs({ resources, includeSynonyms: false });
    const entry = described[0]?.configEntries.find(({ configName }) => configName === 'min.insync.replicas');
    // Not the default: the broker's default has the same value here.
    expect(entry).toMatchObject({ configValue: '1', isDefault: false });
  });

  it('with more replicas than brokers are not created; the error says why', async () => {
    const refused = ensure({ replicationFactor: 3 }, activity);
    await expect(refused).rejects.toMatchObject({ errors: [{ message: 'Replication-factor is invalid' }] });
    expect(await admin.listTopics()).not.toContain(kafka.prefix + activity);
  });
});
