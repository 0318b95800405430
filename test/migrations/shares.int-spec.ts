import { migrate, untilAvailable } from '@activity-feed/backend';
import type { UserId } from '@activity-feed/contracts';
import { migrations } from '../../services/activity/src/database/migrations';
import { Shares1700000000005 } from '../../services/activity/src/database/migrations/1700000000005-shares';
import { eventually } from '../harness/eventually';
import { wrongLikesAndShares } from '../harness/likes-and-shares';
import { createTestDatabase, silent, type TestDatabase } from '../harness/test-database';
import { VersionWithoutShares } from './version-without-shares';

const BEFORE = migrations.slice(0, migrations.indexOf(Shares1700000000005));
const [USERS, PHOTOS] = [500, 50];

describe('the migration that adds shares', () => {
  let database: TestDatabase;
  let previous: VersionWithoutShares;

  beforeEach(async () => {
    database = await createTestDatabase('postgres', BEFORE);
    previous = new VersionWithoutShares(database.pool);
  });
  afterEach(() => database?.drop());

  const count = async (table: 'likes' | 'shares') =>
    (await database.pool.query(`SELECT count(*)::int AS count FROM ${table}`)).rows[0].count;

  it('fills likes and shares from all events, while the previous version writes', async () => {
    await previous.fill(USERS, PHOTOS);
    let migrated = false;
    let written = 0;
    const writers = [1, 2, 3, 4].map(async (user) => {
      const id = (USERS + user) as UserId;
      for (let number = 0; !migrated || number < 10; number++) {
        await previous.act(number % 2 ? 'share' : 'like', id, { type: 'photo', id: 1 + (number % PHOTOS) });
        written++;
      }
    });
    const before = await eventually('the previous version has written', () => written);
    await migrate(database.url, migrations, silent);
    const during = written - before;
    migrated = true;
    await Promise.all(writers);
    expect(during).toBeGreaterThan(0);
    expect(await wrongLikesAndShares(database.pool)).toEqual([]);
    expect(await count('likes')).toBeGreaterThan((USERS * PHOTOS) / 2);
    expect(await count('shares')).toBeGreaterThan((USERS * PHOTOS) / 2);
  });

  it('continues if it was interrupted', async () => {
    await previous.fill(USERS, PHOTOS);
    await migrate(database.url, migrations, silent);
    await database.pool.query("DELETE FROM migrations WHERE name LIKE 'FillShares%'");
    await database.pool.query('DELETE FROM shares WHERE user_id % 2 = 0');
    await migrate(database.url, migrations, silent);
    expect(await wrongLikesAndShares(database.pool)).toEqual([]);
    expect(await count('shares')).toBe((USERS * PHOTOS) / 2);
  });

  it('does not make likes wait for a long read', async () => {
    await previous.fill(2, 2);
    const dump = await database.pool.connect();
    await dump.query('BEGIN; LOCK TABLE likes IN ACCESS SHARE MODE');
    let attempts = 0;
    const migrating = untilAvailable(
      () => migrate(database.url, migrations, silent),
      silent,
      () => attempts++,
    );
    for (let user = 3; attempts < 2; user++) await previous.act('like', user as UserId, { type: 'photo', id: 1 });
    await dump.query('COMMIT');
    dump.release();
    await migrating;
    expect(await wrongLikesAndShares(database.pool)).toEqual([]);
  });
});
