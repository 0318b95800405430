import type { User } from '@activity-feed/contracts';
import { Client } from 'pg';
import type { ApiClient } from '../harness/api-client';
import { rebuildFeed } from '../harness/rebuild-feed';
import { System } from '../harness/system';
import { readTopic } from '../harness/topic-reader';
import { FeedReads } from '../social-model/expect-feeds';
import { ObjectReads } from '../social-model/expect-objects';
import { UserReads } from '../social-model/expect-users';
import { ADMIN } from '../social-model/object-model';
import { RandomWriter } from '../social-model/random-writer';
import { WrittenWorld } from '../social-model/written-world';
import { seededRandom } from '../world/random';
import { ARRANGEMENTS } from './feed-arrangements';

const USERS = 16;
const WRITES = 25;
const SEED = 20190210;
/** Lengths of pages. */
const [SHORT, LONG] = [20, 200];

const names = Array.from({ length: USERS }, (_, index) => `user_${index}`);
const title = `a world of ${USERS} users with ${USERS * WRITES} writes in parallel, seen from %s`;

jest.setTimeout(300_000);

describe.each(ARRANGEMENTS)(title, (_, arrangement) => {
  let system: System;
  let world: WrittenWorld;
  let feeds: FeedReads;
  let objects: ObjectReads;

  beforeAll(async () => {
    system = await System.start({ feeds: arrangement, gateways: 2 });
    const clients = new Map<string, ApiClient>();
    for (const name of names) clients.set(name, await system.as(name));
    world = new WrittenWorld(system, clients);
    [feeds, objects] = [new FeedReads(world), new ObjectReads(world)];
    const writers = names.map((name, index) => new RandomWriter(world, name, seededRandom(SEED + index)));
    const writing = writers.map(async (writer) => {
      for (let write = 0; write < WRITES; write++) await writer.write();
    });
    world.feedsRestart = true;
    await Promise.all([...writing, restartFeeds()]);
    // The order of parallel writes, and so what they do, is different each time.
    while (deleters().size < 3) for (const writer of writers) await writer.write();
    world.feedsRestart = false;
    for (const name of names) await world.settleRequests(name);
  });
  afterAll(() => system?.stop());

  /** As what users have deleted objects that are still deleted. */
  function deleters(): Set<'admin' | 'owner' | 'another user'> {
    const { objects } = world.model;
    const roles = objects.names().flatMap((object) => {
      const by = objects.deletionOf(object)?.by;
      if (by === undefined) return [];
      return by === ADMIN ? 'admin' : by === objects.ownerOf(object) ? 'owner' : 'another user';
    });
    return new Set(roles);
  }

  async function restartFeeds(): Promise<void> {
    for (const feed of system.feeds) {
      await feed.end('SIGKILL');
      await feed.start();
    }
  }

  it('has deletions by owners, by the owners of what comments hang on, and with the admin key', async () => {
    const messages = await readTopic(`${system.id}.activity.events.v1`);
    const deletions = messages.filter(({ headers }) => headers.ce_type === 'activity.object-deleted.v1');
    const by = Map.groupBy(deletions, ({ value }) => {
      const { by = 'owner' } = JSON.parse(value) as { by?: 'admin' | User };
      return typeof by === 'string' ? by : 'another user';
    });
    expect([...by.keys()].sort()).toEqual(['admin', 'another user', 'owner']);
  });

  it('shows all users the feeds, groups, summaries and trends of the model', () =>
    feeds.expectAsModel({ readers: names, limit: SHORT }));

  // Lists come from the write services, whatever the arrangement of the feed.
  const testLists = arrangement.length === 1 ? it : () => undefined;
  testLists('has users with the followers and followees of the model', async () => {
    const users = new UserReads(world);
    for (const [place, name] of names.entries()) {
      await users.expectAsModel(name, names[(place * 7) % USERS] as string);
      await users.expectListsOf(name);
    }
  });

  testLists('has objects with the likes, shares and comments of all users', async () => {
    const { model } = world;
    for (const [place, object] of model.objects.names().entries()) {
      await objects.expectAsModel(object, names[place % USERS] as string);
      if (!model.objects.isLiving(object)) await objects.expectAsModel(object, model.objects.ownerOf(object));
    }
  });

  it('shows all users the objects of their pages, and of all names', async () => {
    for (const name of names) {
      await objects.expectNamed(name);
      await objects.expectExpanded(name);
    }
  });

  it.each([
    ['social-graph', 'events'],
    ['social-graph', 'private'],
    ['activity', 'events'],
  ] as const)('is complete and in order in the topic of %s.%s', async (source, kind) => {
    const messages = await readTopic(`${system.id}.${source}.${kind}.v1`);
    const versions = new Map<string, number[]>();
    for (const { key, headers } of messages) {
      versions.set(key, [...(versions.get(key) ?? []), Number(headers.ce_streamversion)]);
    }
    for (const found of versions.values()) expect(found).toEqual(found.map((_, index) => index + 1));
    expect(messages).toHaveLength(
      await countEvents(system.databases[source], kind === 'private' ? 'private_events' : 'events'),
    );
    expect(new Set(messages.map(({ headers }) => headers.ce_id)).size).toBe(messages.length);
  });

  it('is the same after the feed was rebuilt from the log', async () => {
    await rebuildFeed(system);
    await feeds.expectAsModel({ readers: names, limit: LONG });
    for (const name of names) await objects.expectNamed(name);
  });
});

async function countEvents(database: string, table: string): Promise<number> {
  const client = new Client({ connectionString: database });
  await client.connect();
  const { rows } = await client.query(`SELECT count(*)::int AS count FROM ${table}`);
  await client.end();
  return rows[0].count;
}
