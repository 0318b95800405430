import { Client } from 'pg';
import { migrations } from '../../services/activity/src/database/migrations/index.ts';
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts';
import { lockWorld, reserveIds } from './reserve-ids.ts';

describe('writing a world', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase('postgres', migrations);
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it('reserves consecutive ids while services use the same sequence', async () => {
    const taken: number[] = [];
    let reserving = true;
    const service = async () => {
      while (reserving) {
        const { rows } = await database.pool.query("SELECT nextval('post_ids')::float8 AS id");
        taken.push(rows[0].id);
      }
    };
    const services = Array.from({ length: 8 }, service);
    for (let range = 0; range < 50; range++) {
      const first = await reserveIds(client, 'post_ids', 100);
      taken.push(...Array.from({ length: 100 }, (_, index) => first + index));
    }
    reserving = false;
    await Promise.all(services);
    expect(taken.length).toBeGreaterThan(5_000);
    expect(new Set(taken).size).toBe(taken.length);
  });

  it('starts with 1 in a new database', async () => {
    expect(await reserveIds(client, 'photo_ids', 3)).toBe(1);
    const { rows } = await database.pool.query("SELECT nextval('photo_ids')::int AS id");
    expect(rows[0].id).toBe(4);
  });

  it('fails behind a long transaction instead of making all writes wait', async () => {
    const open = await database.pool.connect();
    await open.query("BEGIN; SELECT nextval('post_ids')");
    await expect(reserveIds(client, 'post_ids', 1)).rejects.toThrow(
      'Cannot lock post_ids: another transaction uses it.',
    );
    await open.query('ROLLBACK');
    open.release();
    expect(await reserveIds(client, 'post_ids', 1)).toBeGreaterThan(5_000);
  });

  it('waits while another session writes the same world', async () => {
    await lockWorld(client, '1/10/10/1');
    await lockWorld(client, '1/10/10/1');
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await lockWorld(other, '2/10/10/1');
    const second = lockWorld(other, '1/10/10/1');
    await client.end();
    await second;
    await other.end();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
});
