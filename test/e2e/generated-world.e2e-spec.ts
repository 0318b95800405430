import { type EventTime, type ObjectRef, objectName } from '@activity-feed/contracts';
import { ApiClient } from '../harness/api-client';
import { wronglyDeleted } from '../harness/deleted-objects';
import { wrongLikesAndShares } from '../harness/likes-and-shares';
import { System } from '../harness/system';
import { awaitFeed } from '../world/await-feed';
import { keyOf } from '../world/event-rows';
import { findPlace, markOf } from '../world/find-place';
import { nameOf } from '../world/names';
import { openStores, type Stores } from '../world/stores';
import { writeWorld } from '../world/write-world';
import { WorldModel } from './world-model';

const wanted = {
  users: 300,
  activities: 6_000,
  days: 5,
  seed: 7,
  until: '2026-11-24T00:00:00.000000+00:00' as EventTime,
};

describe('a generated world', () => {
  let system: System;
  let stores: Stores;
  let model: WorldModel;
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
    model = new WorldModel(rest.plan, nameOf);
    await awaitFeed(stores, rest.plan, model.happenings.length, () => undefined, never);
  });
  afterAll(async () => {
    await stores?.close();
    await system?.stop();
  });

  const as = (user: number) => new ApiClient(system.address(), keyOf({ ...wanted, firstIds }, user));
  const sampled = () => [0, 0.1, 0.3, 0.6, 0.99].map((share) => model.world.userAt(share));
  const firstIds = { user: 4, post: 1, photo: 1, comment: 1 };

  it('shows sampled users their own activities', async () => {
    for (const user of sampled()) expect(await as(user).wholeFeed('my', 200)).toEqual(model.myFeed(user));
  });

  it('shows sampled users the activities of their followees', async () => {
    for (const user of sampled()) {
      const expected = model.friendsFeed(user).slice(0, 400);
      const pages = [await as(user).page('/feed/friends?limit=200')];
      if (pages[0]?.nextUrl) pages.push(await as(user).page(pages[0].nextUrl));
      expect(pages.flatMap(({ entries }) => entries)).toEqual(expected);
    }
  });

  it('has all likes and shares, each with its event', async () => {
    expect(await wrongLikesAndShares(stores.write.activity)).toEqual([]);
    const photos = Array.from({ length: 60 }, (_, place): ObjectRef => ({ type: 'photo', id: place + 1 }));
    const both = photos.filter((photo) => model.listOf('like', photo).length * model.listOf('share', photo).length > 0);
    expect(both.length).toBeGreaterThan(4);
    for (const object of both.slice(0, 4)) {
      const [likes, shares] = [model.listOf('like', object), model.listOf('share', object)];
      expect(await as(0).wholeList('likes', objectName(object), 3)).toEqual(likes);
      expect(await as(0).wholeList('shares', objectName(object), 3)).toEqual(shares);
    }
  });

  it('has deleted objects, each with its event, which nobody but their owners sees', async () => {
    expect(await wronglyDeleted(stores.write.activity)).toEqual([]);
    const { rows } = await stores.write.activity.query(
      "SELECT type || ':' || id AS name, owner_id AS owner FROM objects WHERE deleted_at IS NOT NULL",
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { name, owner } of rows.slice(0, 4)) {
      const [reader] = sampled().filter((user) => firstIds.user + user !== owner) as [number];
      expect((await as(reader).get(`/objects/${name}`)).status).toBe(404);
    }
  });

  it('is valid state for the write services to continue from', async () => {
    const [user] = sampled() as [number];
    const me = await as(user).me();
    expect(me.name).toBe(nameOf(user));
    expect(new Set(me.follow_ids)).toEqual(
      new Set([...model.followeesOf(user)].map((followee) => firstIds.user + followee)),
    );
    const liked = model.activities.findLast(({ type, actor }) => type === 'activity.object-liked.v1' && actor === user);
    const again = await as(user).like(`${liked?.object?.type}:${liked?.object?.id}`);
    expect(again.body.message).toBe('Already liked');
    const photos = model.happenings.filter(
      ({ type, object }) => type.includes('posted') && object?.type === 'photo',
    ).length;
    expect((await as(user).post('photo', 'the next')).body.object_id).toBe(photos + 1);
    expect((await as(user).myFeed())[0]).toMatchObject({ verb: 'post', object_id: photos + 1 });
  });

  it('is not written into a system with other data, unless this is requested', async () => {
    const other = { ...wanted, seed: 8 };
    await expect(findPlace(stores, other, false)).rejects.toThrow('--into-existing');
    expect((await findPlace(stores, other, true)).plan.firstIds.user).toBe(firstIds.user + wanted.users);
  });

  it('is not continued if an older version of the command began it without reserving ids', async () => {
    const old = { ...wanted, seed: 9 };
    const plan = { ...old, firstIds: { user: 900_000, post: 1, photo: 1, comment: 1 } };
    const data = { actor: { id: 900_000, name: 'of.old' } };
    await stores.write['social-graph'].query(
      `INSERT INTO events (event_id, stream, version, type, data, metadata, time)
       VALUES ('019ac000-0000-7000-8000-000000000001', 900000, 1, 'social-graph.user-registered.v1', $1, $2, $3)`,
      [data, { world: markOf(old), plan }, wanted.until],
    );
    await expect(findPlace(stores, old, true)).rejects.toThrow('Choose another --seed.');
  });
});
