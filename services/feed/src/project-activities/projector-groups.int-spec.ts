import { goldenMessages, TOPICS } from '@activity-feed/contracts';
import type { OutgoingMessage, ReceivedBatch } from '@activity-feed/eventing';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { migrations } from '../database/migrations';
import type { DeadLetters } from './dead-letters';
import { Projector } from './projector';

const [PARTITIONS, SOCIAL_GRAPH] = [3, TOPICS['social-graph']];

describe('a projector that gets batches of several partitions', () => {
  let database: TestDatabase;
  let projector: Projector;
  const dead = jest.fn(async () => undefined);

  beforeEach(async () => {
    dead.mockClear();
    database = await createTestDatabase('timescaledb', migrations);
    projector = new Projector({
      ...{ pool: database.pool, readPool: database.pool, log: silent },
      deadLetters: { add: dead } as unknown as DeadLetters,
      logStart: async () => 0n,
      onApplied: () => undefined,
    });
  });
  afterEach(() => database.drop());

  /** Follows by the user `partition`, of users 11, 12 and so on. */
  const batchOf = (partition: number, count: number): ReceivedBatch => ({
    topic: SOCIAL_GRAPH,
    partition,
    messages: Array.from({ length: count }, (_, offset) => follow(partition + 1, offset)),
  });
  const rows = async (sql: string) => (await database.pool.query(sql)).rows;
  const followers = async () => (await rows('SELECT follower_id AS id FROM follows ORDER BY 1')).map(({ id }) => id);
  const offsets = async () =>
    (await rows('SELECT next_offset AS next FROM projection_offsets ORDER BY partition')).map(({ next }) => next);
  const readAll = (counts: number[]) =>
    Promise.all(counts.map((count, partition) => projector.readBatch(batchOf(partition, count))));

  it('writes them in one transaction', async () => {
    expect(await readAll([2, 1, 3])).toEqual([2n, 1n, 3n]);
    expect(await followers()).toEqual([1, 1, 2, 3, 3, 3]);
    expect(await offsets()).toEqual([2, 1, 3]);
    expect(await rows('SELECT DISTINCT xmin FROM follows')).toHaveLength(1);
  });

  it('writes the others of a batch that the database rejects, and dead-letters that one', async () => {
    await database.pool.query('ALTER TABLE follows ADD CONSTRAINT no_two CHECK (follower_id <> 2)');
    expect(await readAll([2, 1, 3])).toEqual([2n, 1n, 3n]);
    expect(await followers()).toEqual([1, 1, 3, 3, 3]);
    expect(dead).toHaveBeenCalledTimes(1);
  });

  it('writes the others of a partition that another instance has', async () => {
    await readAll(Array(PARTITIONS).fill(1));
    await database.pool.query('UPDATE projection_offsets SET next_offset = 7 WHERE partition = 1');
    expect(await readAll([2, 2, 2])).toEqual([2n, 7n, 2n]);
    expect(await followers()).toEqual([1, 1, 2, 3, 3]);
    expect(await offsets()).toEqual([2, 7, 2]);
  });
});

const [, FOLLOWED] = goldenMessages as [OutgoingMessage, OutgoingMessage];

function follow(actor: number, offset: number) {
  const version = offset + 1;
  const data = {
    actor: { id: actor, name: `user_${actor}` },
    target: { id: 11 + offset, name: `user_${11 + offset}` },
  };
  const id = `01968a1e-7c00-7000-8000-${String(actor * 1_000 + offset).padStart(12, '0')}`;
  const headers = { ...FOLLOWED.headers, ce_id: id, ce_subject: String(actor), ce_streamversion: String(version) };
  return { offset: BigInt(offset), key: Buffer.from(String(actor)), value: Buffer.from(JSON.stringify(data)), headers };
}
