import { migrate } from '@activity-feed/backend';
import { createTestDatabase, silent, type TestDatabase } from '../../../../test/harness/test-database';
import { seededRandom } from '../../../../test/world/random';
import { migrations } from '../database/migrations';
import { FollowerCounts1700000000003 } from '../database/migrations/1700000000003-follower-counts';
import { FollowerCounts, sqlFollowers } from './follower-counts';

const USERS = 20;
const BEFORE = migrations.slice(0, migrations.indexOf(FollowerCounts1700000000003));

const REGISTER = `
INSERT INTO users (id, name, created_at, updated_at)
SELECT id, 'user-' || id, now(), now() FROM generate_series(1, ${USERS}) AS id`;

const FOLLOW = 'INSERT INTO follows VALUES ($1, $2, now()) ON CONFLICT DO NOTHING';
const UNFOLLOW = 'DELETE FROM follows WHERE follower_id = $1 AND followee_id = $2';

/** Users whose count of followers is wrong. */
const WRONG = `
SELECT id, ${sqlFollowers('id')} AS followers FROM users
WHERE ${sqlFollowers('id')} <> (SELECT count(*) FROM follows WHERE followee_id = id)`;

describe('the numbers of followers', () => {
  let database: TestDatabase;
  let counts: FollowerCounts;

  beforeAll(async () => {
    database = await createTestDatabase('postgres', BEFORE);
    counts = new FollowerCounts(database.pool, silent);
    await database.pool.query(REGISTER);
    for (let user = 2; user <= USERS; user++) await database.pool.query(FOLLOW, [user, 1]);
    await migrate(database.url, migrations, silent);
  });
  afterAll(() => database?.drop());

  const wrong = async () => (await database.pool.query(WRONG)).rows;
  const rowsOf = async (table: string) => (await database.pool.query(`SELECT FROM ${table}`)).rowCount;

  it('include follows from before the migration', async () => {
    expect(await wrong()).toEqual([]);
    const { rows } = await database.pool.query(`SELECT ${sqlFollowers('1')} AS followers`);
    expect(rows).toEqual([{ followers: USERS - 1 }]);
  });

  it('are exact at every moment, while follows change and changes are added up at two instances', async () => {
    const random = seededRandom(20190210);
    let writing = true;
    const change = async () => {
      for (let step = 0; step < 150; step++) {
        const [follower, followee] = [1 + random.below(USERS), 1 + random.below(USERS)];
        if (follower !== followee) await database.pool.query(random.below(3) ? FOLLOW : UNFOLLOW, [follower, followee]);
      }
    };
    const fold = async () => {
      while (writing) await counts.fold();
    };
    const read = async () => {
      while (writing) expect(await wrong()).toEqual([]);
    };
    const others = [fold(), fold(), read()];
    await Promise.all([change(), change(), change()]).finally(() => {
      writing = false;
    });
    await Promise.all(others);
    await counts.fold();
    expect([await wrong(), await rowsOf('follower_changes')]).toEqual([[], 0]);
    expect(await rowsOf('follower_counts')).toBeGreaterThan(USERS / 2);
  });
});
