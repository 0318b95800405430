import type { FeedEntry } from '@activity-feed/contracts';
import { Client } from 'pg';
import type { ApiClient } from '../harness/api-client';
import { System } from '../harness/system';
import { readTopic } from '../harness/topic-reader';
import { ARRANGEMENTS } from './feed-arrangements';
import { SocialModel } from './social-model';

const USERS = 20;
const WRITES = 50;
const SEED = 20190210;

/** A simple linear congruential generator (Numerical Recipes), so that each run is the same. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const idOf = (object: string) => Number(object.split(':')[1]);

const names = Array.from({ length: USERS }, (_, index) => `user_${index}`);

async function writeAtRandom(
  model: SocialModel,
  name: string,
  api: ApiClient,
  random: (below: number) => number,
): Promise<void> {
  for (let write = 0; write < WRITES; write++) {
    const others = names.filter((other) => other !== name);
    const other = others[random(others.length)] as string;
    const object = model.anyObject(random);
    switch (object ? random(9) : 0) {
      case 0:
      case 1: {
        const type = random(2) ? 'post' : 'photo';
        const { body } = await api.post(type, `${name} ${write}`);
        model.posted(name, `${type}:${body.object_id}`);
        break;
      }
      case 2:
        expect((await api.like(object as string)).body.message).toBe(model.like(name, object as string));
        break;
      case 3: {
        const posted = model.anyPosted(random) as string;
        expect((await api.share(posted)).body.message).toBe(model.share(name, posted));
        break;
      }
      case 4:
        expect((await api.follow(other)).body.message).toBe(model.follow(name, other));
        break;
      case 5:
        expect((await api.unfollow(other)).body.message).toBe(model.unfollow(name, other));
        break;
      // Half of these are about an object that the user has liked or shared.
      case 6: {
        const chosen = (random(2) && model.anyOf('like', name, random)) || (object as string);
        expect((await api.unlike(chosen)).body.message).toBe(model.unlike(name, chosen));
        break;
      }
      case 7: {
        const chosen = (random(2) && model.anyOf('share', name, random)) || (model.anyPosted(random) as string);
        expect((await api.unshare(chosen)).body.message).toBe(model.unshare(name, chosen));
        break;
      }
      case 8: {
        const posted = model.anyPosted(random) as string;
        const replyTo = random(2) ? model.anyComment(posted, random) : undefined;
        const { body } = await api.comment(posted, `${name} ${write}`, replyTo ? idOf(replyTo) : undefined);
        model.commented(name, posted, `comment:${body.object_id}`, replyTo);
      }
    }
  }
}

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
        writeAtRandom(model, name, clients.get(name) as ApiClient, randomNumbers(SEED + index)),
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

  it('has objects with the likes, shares and comments of all users', async () => {
    for (const [place, object] of model.objects().entries()) {
      const reader = names[place % USERS] as string;
      const { body } = await (clients.get(reader) as ApiClient).get(`/objects/${object}`);
      expect(body).toMatchObject(objectOf(object, reader));
      expect(await listOf('likes', object)).toEqual([...model.likersOf(object)].sort());
      expect(await listOf('shares', object)).toEqual([...model.sharersOf(object)].sort());
      const comments = await (clients.get(reader) as ApiClient).comments(object, 7);
      expect(comments.map(({ object_id }) => `comment:${object_id}`).sort()).toEqual(model.commentsOn(object));
      for (const { object_id, user_name, likes, liked, replies } of comments) {
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
      const all = model.objects().slice(0, 200);
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
