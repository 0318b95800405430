import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventTime } from '@activity-feed/contracts';
import { ApiClient } from '../harness/api-client';
import { wronglyDeleted } from '../harness/deleted-objects';
import { eventually } from '../harness/eventually';
import { wrongLikesAndShares } from '../harness/likes-and-shares';
import { System } from '../harness/system';
import { nameOf } from '../world/names';
import { openStores, type Stores } from '../world/stores';
import { World } from '../world/world';
import { GenerateCommand } from './generate-command';
import { LiveWriters } from './live-writers';
import { WorldModel } from './world-model';

const UNTIL = '2026-11-24T00:00:00.000000+00:00' as EventTime;
const SHARES = [0, 0.1, 0.3, 0.6, 0.99];

const large = { users: 300, activities: 25_000, days: 3, seed: 7, until: UNTIL };
/** One world with the same seed, and therefore colliding keys, names and times; and one with another seed. */
const others = [
  { users: 60, activities: 2_000, days: 3, seed: 7, until: UNTIL },
  { users: 80, activities: 2_000, days: 3, seed: 8, until: UNTIL },
];
const TAKEN = [nameOf(0), nameOf(77)];

type Wanted = typeof large;

describe('worlds generated into a system in use', () => {
  let system: System;
  let stores: Stores;
  let live: LiveWriters;
  const folder = mkdtempSync(join(tmpdir(), 'generate-'));
  const keysOf = new Map<Wanted, { name: string; key: string }[]>();

  const generate = (world: Wanted, dataFolder = folder) =>
    new GenerateCommand(system, dataFolder, [
      '--into-existing',
      ...(['users', 'activities', 'days', 'seed', 'until'] as const).flatMap((option) => [
        `--${option}`,
        String(world[option]),
      ]),
    ]);

  const count = async (source: 'social-graph' | 'activity', where = 'true') => {
    const { rows } = await stores.write[source].query(`SELECT count(*)::int AS count FROM events WHERE ${where}`);
    return rows[0].count as number;
  };
  const generated = async () =>
    (await count('social-graph', "metadata ? 'world'")) + (await count('activity', "metadata ? 'world'"));

  /** Must be 0 until a world is complete: without keys nobody can write to its streams. */
  const keysOfGenerated = async () => {
    const { rows } = await stores.write['social-graph'].query(
      "SELECT count(*)::int AS count FROM keys WHERE user_id IN (SELECT stream FROM events WHERE metadata ? 'world')",
    );
    return rows[0].count as number;
  };

  async function finish(world: Wanted): Promise<void> {
    // A data folder that does not exist yet.
    const data = join(mkdtempSync(join(folder, 'data-')), 'new');
    const command = generate(world, data);
    expect({ code: await command.exitCode, output: command.output }).toMatchObject({ code: 0 });
    const lines = readFileSync(join(data, 'world-keys'), 'utf8').trim().split('\n');
    keysOf.set(
      world,
      lines.map((line) => ({ name: line.split(' ')[0] as string, key: line.split(' ')[1] as string })),
    );
  }

  beforeAll(async () => {
    system = await System.start();
    stores = await openStores(system.databases);
    for (const name of TAKEN) await system.register(name);
    live = await LiveWriters.start(system, ['ivan', 'nico', 'eric']);
  }, 300_000);
  afterAll(async () => {
    await live?.stop();
    await stores?.close();
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are completed by the same command after Ctrl-C and kill -9, despite other writers', async () => {
    const first = generate(large);
    await eventually('activities are written', async () => (await count('activity', "metadata ? 'world'")) > 0, {
      within: 150_000,
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${first.output}`);
    });
    first.signal('SIGINT');
    expect({ code: await first.exitCode, output: first.output }).toMatchObject({ code: 130 });
    const stopped = await generated();
    expect(await keysOfGenerated()).toBe(0);
    await live.progress();

    const second = generate(large);
    await eventually('more is written', async () => (await generated()) > stopped, { within: 150_000 }).catch(
      (error: Error) => {
        throw new Error(`${error.message}\n${second.output}`);
      },
    );
    second.signal('SIGKILL');
    await second.exitCode;
    await live.progress();

    await finish(large);
    expect(await generated()).toBe([...new World({ ...large, firstIds: NO_IDS }).happenings()].length);
    expect(await keysOfGenerated()).toBe(large.users);
  }, 600_000);

  it('can be several, even two at the same time, each with its own keys and names', async () => {
    await Promise.all(others.map((world) => finish(world)));
    const users = [...keysOf.values()].flat();
    expect(users).toHaveLength(300 + 60 + 80);
    expect(new Set([...users.map(({ name }) => name), ...TAKEN]).size).toBe(users.length + TAKEN.length);
    expect(new Set(users.map(({ key }) => key)).size).toBe(users.length);
  }, 180_000);

  it('are written once, even if the command runs again', async () => {
    const before = await generated();
    await finish(large);
    expect(await generated()).toBe(before);
  }, 120_000);

  it('have complete streams, in order, with their likes and shares, all applied by the feed', async () => {
    await live.stop();
    for (const source of ['social-graph', 'activity'] as const) {
      const { rows } = await stores.write[source].query(OUT_OF_ORDER);
      expect(rows).toEqual([]);
    }
    expect(await wrongLikesAndShares(stores.write.activity)).toEqual([]);
    expect(await wronglyDeleted(stores.write.activity)).toEqual([]);
    const { rows: kept } = await stores.write.activity.query(KEPT);
    const expected = kept[0].count + (await count('social-graph', "type NOT LIKE '%registered%'"));
    await eventually('the feed has everything', async () => {
      const { rows } = await stores.feed.query('SELECT count(*)::int AS count FROM activities');
      return rows[0].count === expected;
    });
  });

  it('do not disturb the feeds of live users', async () => {
    await live.expectFeeds();
  });

  it.each([['the large one', large], ...others.map((world, index) => [`other ${index}`, world] as const)] as const)(
    'show sampled users what they and those whom they follow did: %s',
    async (_, world) => {
      const users = keysOf.get(world) as { name: string; key: string }[];
      const model = await modelOf(stores, world, users);
      for (const share of SHARES) {
        const { key } = users[Math.floor(share * world.users)] as { key: string };
        const client = new ApiClient(system.address(), key);
        const user = model.world.userAt(share);
        expect((await client.wholeFeed('my', 200)).slice(0, 1_000)).toEqual(model.myFeed(user).slice(0, 1_000));
        const expected = model.friendsFeed(user).slice(0, 400);
        const first = await client.page('/feed/friends?limit=200');
        const second = first.nextUrl ? (await client.page(first.nextUrl)).entries : [];
        expect([...first.entries, ...second]).toEqual(expected);
      }
    },
  );

  it('leave later ids free', async () => {
    const ivan = await system.as('ivan');
    for (const type of ['post', 'photo'] as const) {
      const { rows } = await stores.write.activity.query('SELECT max(id)::int AS id FROM objects WHERE type = $1', [
        type,
      ]);
      expect((await ivan.post(type, 'after it all')).body.object_id).toBeGreaterThan(rows[0].id);
    }
    await system.as('somebody_new');
  });
});

const NO_IDS = { user: 0, post: 0, photo: 0, comment: 0 };

/** Activities that were not taken back and are about no deleted object. */
const KEPT = `
WITH living AS (
  SELECT objects.type AS object_type, objects.id AS object_id
  FROM objects LEFT JOIN comments ON type = 'comment' AND comments.id = objects.id
  LEFT JOIN objects AS root ON root.type = root_type AND root.id = root_id
  WHERE objects.deleted_at IS NULL AND root.deleted_at IS NULL
)
SELECT ((SELECT count(*) FROM living) + (SELECT count(*) FROM likes JOIN living USING (object_type, object_id))
        + (SELECT count(*) FROM shares JOIN living USING (object_type, object_id)))::int AS count`;

const OUT_OF_ORDER = `
SELECT stream, version FROM (
  SELECT stream, version, version - row_number() OVER streams AS hole, time <= lag(time) OVER streams AS back
  FROM events WINDOW streams AS (PARTITION BY stream ORDER BY version)
) AS placed WHERE hole <> 0 OR back LIMIT 5`;

async function modelOf(stores: Stores, wanted: Wanted, users: { name: string }[]): Promise<WorldModel> {
  const { ranking } = new World({ ...wanted, firstIds: NO_IDS });
  const names = new Map(ranking.map((user, rank) => [user, users[rank]?.name as string]));
  const { rows: ids } = await stores.write['social-graph'].query('SELECT id FROM users WHERE name = $1', [
    names.get(0),
  ]);
  const { rows: objects } = await stores.write.activity.query(
    'SELECT type, min(id)::int AS id FROM objects WHERE owner_id >= $1 AND owner_id < $2 GROUP BY type',
    [ids[0].id, ids[0].id + wanted.users],
  );
  const first = Object.fromEntries(objects.map(({ type, id }) => [type, id]));
  const firstIds = { user: ids[0].id, post: first.post, photo: first.photo, comment: first.comment };
  return new WorldModel({ ...wanted, firstIds }, (user) => names.get(user) as string);
}
