import type { FeedEntry } from '@activity-feed/contracts';
import { Client } from 'pg';
import type { ApiClient } from '../harness/api-client';
import { System } from '../harness/system';
import { readTopic } from '../harness/topic-reader';
import { expectError } from './expect-error';
import { ARRANGEMENTS } from './feed-arrangements';
import { SocialModel } from './social-model';
import { randomNumbers, writeAtRandom } from './write-at-random';

const USERS = 20;
const WRITES = 50;
const SEED = 20190210;

const names = Array.from({ length: USERS }, (_, index) => `user_${index}`);

const title = `a world of ${USERS} users with ${USERS * WRITES} writes in parallel, seen from %s`;

describe.each(ARRANGEMENTS)(title, (_, feeds) => {
  let system: System;
  const model = new SocialModel();
  const clients = new Map<string, ApiClient>();

  beforeAll(async () => {
    system = await System.start({ feeds });
    for (const name of names) clients.set(name, await system.as(name));
    await Promise.all(
      names.map((name, index) =>
        writeAtRandom(model, name, names, clients.get(name) as ApiClient, WRITES, randomNumbers(SEED + index)),
      ),
    );
  });
  afterAll(() => system?.stop());

  const whole = (name: string, feed: 'my' | 'friends') => (clients.get(name) as ApiClient).wholeFeed(feed, 7);
  /** The names in a list of an object, sorted; checks that the list is sorted newest first. */
  async function listOf(list: 'likes' | 'shares', object: string): Promise<string[]> {
    const entries = await (clients.get('user_0') as ApiClient).wholeList(list, object, 7);
    const times = entries.map(({ time }) => time);
    expect(times).toEqual([...times].sort().reverse());
    return entries.map(({ user_name }) => user_name).sort();
  }
  const sorted = (entries: FeedEntry[]) => entries.map((entry) => JSON.stringify(entry)).sort();
  const untimed = ({ time: _, ...entry }: FeedEntry) => entry;

  it('shows all users their own activities, newest first', async () => {
    for (const name of names) expect((await whole(name, 'my')).map(untimed)).toEqual(model.myFeed(name));
  });

  it('shows all users the activities of their followees, newest first', async () => {
    const own = new Map<string, FeedEntry[]>();
    for (const name of names) own.set(name, await whole(name, 'my'));
    for (const name of names) {
      const merged = model.followees(name).flatMap((followee) => own.get(followee) as FeedEntry[]);
      const feed = await whole(name, 'friends');
      expect(feed.map(({ time }) => time)).toEqual(
        merged
          .map(({ time }) => time)
          .sort()
          .reverse(),
      );
      // Entries with equal times are ordered by event id, which the API does not return.
      expect(sorted(feed)).toEqual(sorted(merged));
    }
  });

  /** An object as the model has it for a reader. */
  function objectOf(object: string, reader: string) {
    const [likers, sharers] = [model.likersOf(object), model.sharersOf(object)];
    return {
      owner_name: model.ownerOf(object),
      likes: likers.size,
      shares: sharers.length,
      comments: model.countComments(object),
      liked: likers.has(reader),
      shared: sharers.includes(reader),
    };
  }

  it('has deleted some objects, which only their owners see, with nothing about them', async () => {
    const deleted = model.objects().filter((object) => !model.isLiving(object));
    expect(deleted.length).toBeGreaterThan(10);
    for (const [place, object] of deleted.entries()) {
      const owner = clients.get(model.ownerOf(object)) as ApiClient;
      const reader = names.filter((name) => name !== model.ownerOf(object))[place % (USERS - 1)] as string;
      for (const list of ['', '/likes', '/shares', '/history']) {
        expectError(await (clients.get(reader) as ApiClient).get(`/objects/${object}${list}`), 404, 'OBJECT_NOT_FOUND');
      }
      const answer = await owner.freshGet(`/objects/${object}`);
      // A comment on a deleted object is gone for its owner too.
      const isOwn = model.isDeleted(object) && model.isLiving(`${model.rootOf(object)}`);
      expect([object, answer.status]).toEqual([object, isOwn ? 200 : 404]);
      if (!isOwn) continue;
      expect(answer.body).toMatchObject({ likes: 0, shares: 0, deleted_at: expect.any(String) });
      for (const list of ['likes', 'shares'] as const) expect(await owner.wholeList(list, object, 7)).toEqual([]);
    }
  });

  it('has objects with the likes, shares and comments of all users', async () => {
    for (const [place, object] of model.living().entries()) {
      const reader = names[place % USERS] as string;
      const { body } = await (clients.get(reader) as ApiClient).get(`/objects/${object}`);
      expect(body).toMatchObject(objectOf(object, reader));
      expect(await listOf('likes', object)).toEqual([...model.likersOf(object)].sort());
      expect(await listOf('shares', object)).toEqual([...model.sharersOf(object)].sort());
      const comments = await (clients.get(reader) as ApiClient).comments(object, 7);
      expect(comments.map(({ object_id }) => `comment:${object_id}`).sort()).toEqual(model.commentsOn(object));
      for (const { object_id, user_name, content, likes, liked, replies, deleted } of comments) {
        if (deleted) {
          expect([model.isLiving(`comment:${object_id}`), replies > 0]).toEqual([false, true]);
          expect([user_name, content, likes, liked]).toEqual([null, null, 0, false]);
          expect(replies).toBe(model.countComments(`comment:${object_id}`));
          continue;
        }
        const {
          owner_name,
          comments: count,
          shares: _,
          shared: __,
          ...rest
        } = objectOf(`comment:${object_id}`, reader);
        expect({ user_name, likes, liked, replies }).toEqual({ user_name: owner_name, ...rest, replies: count });
      }
    }
  });

  it('shows all users the objects of their pages, and of all names in one request', async () => {
    for (const reader of names) {
      const client = clients.get(reader) as ApiClient;
      for (const page of ['/feed/my?', '/feed/friends?', '/feed/friends?group=day&', '/trending?']) {
        const { body } = await client.get(`${page}limit=100&expand=objects`);
        const objects = Object.keys(body.objects);
        expect(body.objects).toMatchObject(Object.fromEntries(objects.map((name) => [name, objectOf(name, reader)])));
      }
      const all = model.living().slice(0, 200);
      const { body } = await client.get(`/objects?names=${all}`);
      expect(body.objects).toMatchObject(all.map((name) => objectOf(name, reader)));
    }
  });

  it.each(['social-graph', 'activity'] as const)('is complete and in order in the topic of %s', async (source) => {
    const messages = await readTopic(`${system.id}.${source}.events.v1`);
    const versions = new Map<string, number[]>();
    for (const { key, headers } of messages) {
      versions.set(key, [...(versions.get(key) ?? []), Number(headers.ce_streamversion)]);
    }
    for (const found of versions.values()) expect(found).toEqual(found.map((_, index) => index + 1));
    expect(messages).toHaveLength(await countEvents(system.databases[source]));
    expect(new Set(messages.map(({ headers }) => headers.ce_id)).size).toBe(messages.length);
  });
});

async function countEvents(database: string): Promise<number> {
  const client = new Client({ connectionString: database });
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS count FROM events');
  await client.end();
  return rows[0].count;
}
