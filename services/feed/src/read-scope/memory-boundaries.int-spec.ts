import { createPool } from '@activity-feed/backend';
import { goldenMessages, TOPICS } from '@activity-feed/contracts';
import { KafkaConsumer, type KafkaSettings, kafkaPublisher, readLogEnds } from '@activity-feed/eventing';
import type { Pool } from 'pg';
import { eventually } from '../../../../test/harness/eventually';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import { testServers, uniqueName } from '../../../../test/harness/servers';
import { silent, type TestDatabase } from '../../../../test/harness/test-database';
import { bucketStart, memoryDays, memoryHours } from '../aggregates/aggregate-time';
import type { PlacedOffset } from '../consume-log/projection-offsets';
import { readDroppedUntil } from '../hypertable/dropped-activities';
import { IndexProcess } from '../load-index/index-process';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { markOf, memoryBoundaries } from './memory-boundaries';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-10T12:00:00Z');

const PROJECT = `
INSERT INTO projection_offsets (topic, partition, next_offset) VALUES ('activity.events.v1', 3, $1)
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;

describe('a mark of the index’s progress', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createFeedDatabase();
  });
  afterEach(() => database.drop());

  it('is reached when the projector has written all of it, and late activities of the range are refreshed', async () => {
    const note = (hour: number) =>
      database.pool.query('INSERT INTO late_activities (hour) VALUES ($1)', [new Date(hour)]);
    let offset = 7n;
    const index = { reached: () => [{ topic: 'activity.events.v1', partition: 3, offset }], loadedUntil: START };
    const isReached = markOf(index, database.pool, { from: START, to: START + HOUR });
    // Later events of the index do not count.
    offset = 9n;
    expect(await isReached()).toBe(false);
    await database.pool.query(PROJECT, [6]);
    expect(await isReached()).toBe(false);

    await note(START);
    await database.pool.query(PROJECT, [7]);
    expect(await isReached()).toBe(false);
    await database.pool.query('DELETE FROM late_activities');
    // Nor do later notes.
    await note(START);
    expect(await isReached()).toBe(true);
  });

  it('does not wait for late activities of other hours', async () => {
    for (const hour of [START - HOUR, START + HOUR]) {
      await database.pool.query('INSERT INTO late_activities (hour) VALUES ($1)', [new Date(hour)]);
    }
    const index = { reached: () => [], loadedUntil: START };
    expect(await markOf(index, database.pool, { from: START, to: START + HOUR })()).toBe(true);
  });
});

describe('the boundaries of an index that was up to date when loaded', () => {
  const kafka: KafkaSettings = { brokers: [], clientId: 'test', prefix: `${uniqueName()}.`, replicationFactor: 1 };
  const silentConsumer = { sessionTimeout: 6_000, concurrency: 1, commitOffsets: false };
  const fail = (error: Error): void => expect(error).toBeNull();
  let database: TestDatabase;
  let loading: Pool;
  let process: IndexProcess;
  let time: number;

  beforeEach(async () => {
    kafka.brokers = testServers().brokers;
    database = await createFeedDatabase();
    loading = createPool(database.url, 1, silent, { pipeline: false });
    const options = { ...silentConsumer, onCrash: fail };
    process = new IndexProcess({
      index: new TimelineIndex({ budget: 65_536, followeeBudget: 10_000 }),
      budget: 65_536,
      pool: loading,
      streamPool: createPool(database.url, 1, silent),
      log: silent,
      consumer: (reader) => new KafkaConsumer(kafka, reader, silent, options),
      logEnds: (topics) => readLogEnds(kafka, silent, topics),
      readDropped: () => readDroppedUntil(database.pool),
      onChange: () => undefined,
      onCrash: fail,
    });
    process.onApplicationBootstrap();
    await eventually('the index is ready', () => process.ready);
  });
  afterEach(async () => {
    await process.onApplicationShutdown();
    await database.drop();
  });

  it('do not move while the projector is stalled, and move once it has caught up', async () => {
    const boundaries = memoryBoundaries(process, database.pool, () => time);
    time = Date.now();
    const [hour, day] = [memoryHours(time), memoryDays(time)];
    expect([await boundaries.hour.now(), await boundaries.day.now()]).toEqual([hour, day]);

    const publisher = await kafkaPublisher(kafka, TOPICS.activity, silent)();
    await publisher.publish(goldenMessages.filter(({ headers }) => headers.ce_type === 'activity.object-posted.v1'));
    await publisher.close();
    const [place] = await eventually('the index has it', () => {
      const places = process.reached().filter(({ offset }) => offset > 0n);
      return places.length > 0 && places;
    });
    for (let hours = 1; hours <= 26; hours++) {
      time += HOUR;
      expect(await boundaries.hour.now()).toBeLessThanOrEqual(bucketStart('hour', Date.now()));
      expect(await boundaries.day.now()).toBeLessThanOrEqual(bucketStart('day', Date.now()));
    }

    const { topic, partition, offset } = place as PlacedOffset;
    const written = 'INSERT INTO projection_offsets (topic, partition, next_offset) VALUES ($1, $2, $3)';
    await database.pool.query(written, [topic, partition, String(offset)]);
    await eventually('the hours follow', async () => (await boundaries.hour.now()) === memoryHours(time));
    await eventually('the days follow', async () => (await boundaries.day.now()) === memoryDays(time));
  });
});
