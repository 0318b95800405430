import type { EventTime, UserId } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import type { ClientBase } from 'pg';
import { kindsOfAggregates } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import type { TakenBack } from '../activity/effects';
import { setCompressionPolicy } from '../retain-activities/set-compression-policy';
import { takeBack } from './take-back';

const IVAN = 7 as UserId;
const SHARES = 2_000;

/** Ten days apart from the first to the last, all in the past. */
const INSERT = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id, target_id)
SELECT '2026-01-05T00:00:00Z'::timestamptz + place * interval '10 days' / ${SHARES}, gen_random_uuid(), $1, $2, 'photo', $3, 1
FROM generate_series(0, ${SHARES - 1}) AS place`;

const LEFT = `
SELECT actor_id AS actor, verb, object_id::int AS object, count(*)::int FROM activities GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

const COMPRESS = `SELECT compress_chunk(chunk) FROM show_chunks('activities', older_than => '2026-01-10'::timestamptz) AS chunk`;

/** Passes statements on to `tx` and counts them. */
function counting(tx: ClientBase): { tx: ClientBase; statements: () => number } {
  let statements = 0;
  const query = (...of: Parameters<ClientBase['query']>) => {
    statements++;
    return tx.query(...of);
  };
  return { tx: { query } as unknown as ClientBase, statements: () => statements };
}

jest.setTimeout(120_000);

describe.each(kindsOfAggregates().filter(({ open }) => open))(
  'taking back many shares, with $title',
  ({ kind, open }) => {
    let database: TestDatabase;

    beforeAll(async () => {
      database = (await open?.()) as TestDatabase;
      for (const [actor, verb, object] of [
        [7, 'share', 21],
        [7, 'share', 22],
        [7, 'like', 21],
        [8, 'share', 21],
      ]) {
        await database.pool.query(INSERT, [actor, verb, object]);
      }
      if (kind !== 'continuous') return;
      const client = await database.pool.connect();
      await setCompressionPolicy(client, '30 days');
      await client.query(COMPRESS);
      client.release();
    });
    afterAll(() => database?.drop());

    it('deletes them all and nothing else, with few statements where chunks are not compressed', async () => {
      const shares: TakenBack = {
        actorId: IVAN,
        verb: 'share',
        objectType: 'photo',
        objectId: 21,
        from: '2026-01-05T00:00:00.000000+00:00' as EventTime,
        to: '2026-01-14T23:52:48.000000+00:00' as EventTime,
      };
      const [removed, statements] = await inTransaction(database.pool, async (client) => {
        const { tx, statements } = counting(client);
        return [await takeBack(tx, [shares]), statements()];
      });
      expect(removed).toHaveLength(SHARES);
      expect((await database.pool.query(LEFT)).rows).toEqual([
        { actor: 7, verb: 'like', object: 21, count: SHARES },
        { actor: 7, verb: 'share', object: 22, count: SHARES },
        { actor: 8, verb: 'share', object: 21, count: SHARES },
      ]);
      if (kind === 'view') expect(statements).toBeLessThan(30);
    });
  },
);
