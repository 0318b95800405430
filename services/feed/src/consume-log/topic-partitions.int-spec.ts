import { type Migration, migrate } from '@activity-feed/backend';
import { TOPICS } from '@activity-feed/contracts';
import { WrongPartitions } from '@activity-feed/eventing';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import { Projector, type ProjectorOptions } from '../project-activities/projector';
import { assertPartitions, recordPartitions } from './topic-partitions';

const { activity, 'social-graph': socialGraph } = TOPICS;
const found = (partitions: number) => new Map([activity, socialGraph].map((topic) => [topic, partitions]));

describe('the number of partitions of a topic', () => {
  let database: TestDatabase;
  afterEach(() => database.drop());

  it('is recorded when the topic is first read; a different number is rejected', async () => {
    database = await createTestDatabase('timescaledb', migrations);
    const { pool } = database;
    await assertPartitions(pool, found(4));
    await recordPartitions(pool, found(4));
    await recordPartitions(pool, found(6));
    await assertPartitions(pool, found(4));
    await expect(assertPartitions(pool, found(6))).rejects.toThrow(
      `${activity} has 6 partitions; it must have the 4 that it had before: see "Partitions" in docs/operations.md`,
    );
  });

  it('is checked at each start of a projector against the first recorded number', async () => {
    database = await createTestDatabase('timescaledb', migrations);
    const start = (partitions: number) =>
      new Projector({ readPool: database.pool } as ProjectorOptions).checkTopics(found(partitions));
    await start(4);
    await start(4);
    await expect(start(6)).rejects.toThrow(WrongPartitions);
    await expect(start(6)).rejects.toThrow(WrongPartitions);
    await start(4);
  });

  it('is six if the database comes from a version that did not record the number', async () => {
    const before = migrations.slice(0, 2) as Migration[];
    database = await createTestDatabase('timescaledb', before);
    await database.pool.query('INSERT INTO projection_offsets VALUES ($1, 3, 5)', [activity]);
    await migrate(database.url, migrations, silent);
    await assertPartitions(database.pool, found(6));
    await expect(assertPartitions(database.pool, found(48))).rejects.toThrow(`${activity} has 48 partitions`);
  });
});
