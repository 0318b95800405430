import { type EventTime, type FeedEntry, fromMicroseconds } from '@activity-feed/contracts';
import { ApiClient } from '../harness/api-client';
import { System } from '../harness/system';
import { awaitFeed } from '../world/await-feed';
import { keyOf } from '../world/event-rows';
import { findPlace } from '../world/find-place';
import { nameOf } from '../world/names';
import { openStores, type Stores } from '../world/stores';
import { type Happening, World } from '../world/world';
import { writeWorld } from '../world/write-world';

const wanted = {
  users: 300,
  activities: 6_000,
  days: 5,
  seed: 7,
  until: '2026-11-24T00:00:00.000000+00:00' as EventTime,
};
const VERBS: Record<string, FeedEntry['verb']> = {
  'social-graph.user-followed.v1': 'follow',
  'social-graph.user-unfollowed.v1': 'unfollow',
  'activity.object-posted.v1': 'post',
  'activity.object-liked.v1': 'like',
  'activity.object-shared.v1': 'share',
};

describe('a generated world', () => {
  let system: System;
  let stores: Stores;
  let happenings: Happening[];
  const never = new AbortController().signal;

  beforeAll(async () => {
    system = await System.start();
    stores = await openStores(system.databases);
    const stopped = new AbortController();
    const first = await findPlace(stores, wanted, false);
    await writeWorld(stores, first, () => stopped.abort(), stopped.signal);
    const rest = await findPlace(stores, wanted, false);
    expect(rest.written['social-graph'] + rest.written.activity).toBeGreaterThan(0);
    expect(rest.plan).toEqual(first.plan);
    await writeWorld(stores, rest, () => undefined, never);
    happenings = [...new World(rest.plan).happenings()];
    await awaitFeed(stores, rest.plan, happenings.length, () => undefined, never);
  });
  afterAll(async () => {
    await stores?.close();
    await system?.stop();
  });

  const as = (user: number) => new ApiClient(system.address(), keyOf(wanted.seed, user));
  const sampled = () => [0, 0.1, 0.3, 0.6, 0.99].map((share) => new World({ ...wanted, firstIds }).userAt(share));
  const firstIds = { user: 4, post: 1, photo: 1 };

  const entryOf = ({ type, actor, target, object, time }: Happening): FeedEntry => ({
    actor_name: nameOf(actor),
    verb: VERBS[type] as FeedEntry['verb'],
    object_id: object?.id ?? null,
    object_type: object?.type ?? null,
    target_name: target === undefined ? null : nameOf(target),
    time: fromMicroseconds(BigInt(time)),
  });
  const feedOf = (actors: Set<number>) =>
    happenings
      .filter(({ type, actor }) => VERBS[type] && actors.has(actor))
      .reverse()
      .map(entryOf);

  function followeesOf(user: number): Set<number> {
    const followees = new Set<number>();
    for (const { type, actor, target } of happenings) {
      if (actor !== user || target === undefined) continue;
      if (type === 'social-graph.user-followed.v1') followees.add(target);
      if (type === 'social-graph.user-unfollowed.v1') followees.delete(target);
    }
    return followees;
  }

  it('shows sampled users what they did', async () => {
    for (const user of sampled()) expect(await as(user).wholeFeed('my', 200)).toEqual(feedOf(new Set([user])));
  });

  it('shows sampled users what those whom they follow did', async () => {
    for (const user of sampled()) {
      const expected = feedOf(followeesOf(user)).slice(0, 400);
      const pages = [await as(user).page('/feed/friends?limit=200')];
      if (pages[0]?.nextUrl) pages.push(await as(user).page(pages[0].nextUrl));
      expect(pages.flatMap(({ entries }) => entries)).toEqual(expected);
    }
  });

  it('is what the write services go on from', async () => {
    const [user] = sampled() as [number];
    const me = await as(user).me();
    expect(me.name).toBe(nameOf(user));
    expect(new Set(me.follow_ids)).toEqual(new Set([...followeesOf(user)].map((followee) => firstIds.user + followee)));
    const liked = happenings.findLast(({ type, actor }) => type === 'activity.object-liked.v1' && actor === user);
    const again = await as(user).like(`${liked?.object?.type}:${liked?.object?.id}`);
    expect(again.body.message).toBe('Already liked');
    const photos = happenings.filter(({ type, object }) => type.includes('posted') && object?.type === 'photo').length;
    expect((await as(user).post('photo', 'the next')).body.object_id).toBe(photos + 1);
    expect((await as(user).myFeed())[0]).toMatchObject({ verb: 'post', object_id: photos + 1 });
  });

  it('is not put into a system that holds other data, unless that is wanted', async () => {
    const other = { ...wanted, seed: 8 };
    await expect(findPlace(stores, other, false)).rejects.toThrow('--into-existing');
    expect((await findPlace(stores, other, true)).plan.firstIds.user).toBe(firstIds.user + wanted.users);
  });
});
