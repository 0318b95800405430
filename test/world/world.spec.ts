import { EventId, type EventTime, eventSchemas, objectName, USER_NAME } from '@activity-feed/contracts';
import { adds, type EventRow, EventRows, keyOf } from './event-rows.ts';
import { followersOf } from './follower-bands.ts';
import { nameAfter, nameOf } from './names.ts';
import type { WorldPlan } from './plan.ts';
import type { WorldComment } from './social-state.ts';
import { type Happening, World } from './world.ts';
import { sizeOf } from './world-size.ts';

const plan: WorldPlan = {
  users: 1_000,
  activities: 10_000,
  days: 10,
  seed: 1,
  until: '2026-11-24T00:00:00.000000+00:00' as EventTime,
  firstIds: { user: 4, post: 1, photo: 1, comment: 1 },
};

const all = (changes: Partial<WorldPlan> = {}) => [...new World({ ...plan, ...changes }).happenings()];
const ofType = (happenings: Happening[], type: string) =>
  happenings.filter((happening) => happening.type.includes(type));

describe('a world', () => {
  const world = all();
  const daily = world.slice(-plan.activities);
  const first = world.slice(plan.users, -plan.activities);

  it('is the same for the same seed and differs for another seed', () => {
    expect(all()).toEqual(world);
    expect(all({ seed: 2 })).not.toEqual(world);
  });

  it('has strictly increasing times', () => {
    const times = world.map(({ time }) => time);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] as number))).toBe(true);
    expect(times.at(-1)).toBeLessThan(Date.parse(plan.until) * 1_000);
  });

  it('has the numbers of followers of its bands', () => {
    const counts = new Map<number, number>();
    for (const { target } of first) counts.set(target as number, (counts.get(target as number) ?? 0) + 1);
    const bands = Map.groupBy(counts.values(), (count) => count);
    expect(Object.fromEntries([...bands].map(([followers, users]) => [followers, users.length]))).toEqual({
      // With 1,000 users, 10 % of all users is also 100.
      100: 20 + 100,
      50: 130 + 250,
      5: 500,
    });
    expect([0, 199, 200, 1_499, 1_500, 2_500, 5_000].map((rank) => followersOf(rank, 10_000))).toEqual([
      1_000, 1_000, 500, 500, 100, 50, 5,
    ]);
  });

  it('ranks each user once', () => {
    const { ranking } = new World(plan);
    expect(new Set(ranking).size).toBe(plan.users);
    expect(ranking[0]).toBe(new World(plan).userAt(0));
  });

  it('has at most a tenth of all users active on any day, some of them far more often', () => {
    const days = Map.groupBy(daily, (_, index) => Math.floor(index / (plan.activities / plan.days)));
    for (const happenings of days?.values?.() ?? []) {
      expect(new Set(happenings.map(({ actor }) => actor)).size).toBeLessThanOrEqual(plan.users / 10);
    }
    const actors = [...Map.groupBy(daily, ({ actor }) => actor).values()].map(({ length }) => length);
    actors.sort((a, b) => b - a);
    const busiest = actors.slice(0, plan.users / 10).reduce((sum, count) => sum + count, 0);
    expect(busiest / plan.activities).toBeGreaterThan(0.4);
    expect(actors.length).toBeGreaterThan(plan.users / 5);
  });

  it.each([
    ['object-posted', 0.2],
    ['object-liked', 0.47],
    ['object-shared', 0.11],
    ['comment-posted', 0.05],
    ['user-followed', 0.1],
    ['user-unfollowed', 0.04],
  ])('has the expected share of %s', (type, share) => {
    expect(Math.abs(ofType(daily, type).length / plan.activities - share)).toBeLessThan(0.03);
  });

  it.each([
    ['object-unliked', 0.02],
    ['object-unshared', 0.01],
  ])('has some %s, nearly as many as expected', (type, share) => {
    expect(ofType(daily, type).length / plan.activities).toBeGreaterThan(share * 0.7);
    expect(ofType(daily, type).length / plan.activities).toBeLessThan(share * 1.1);
  });

  it('deletes a few objects, some of which are restored', () => {
    const [deleted, restored] = [ofType(daily, 'object-deleted').length, ofType(daily, 'object-restored').length];
    expect(deleted / plan.activities).toBeGreaterThan(0.001);
    expect(deleted / plan.activities).toBeLessThan(0.004);
    expect(restored).toBeGreaterThan(0);
    expect(restored).toBeLessThan(deleted);
  });

  it('deletes and restores objects of the actor alone, and comments on them are not living meanwhile', () => {
    const rows = new EventRows(plan, nameOf);
    const postedAt = new Map<string, EventTime>();
    const until = new Map<string, EventTime>();
    for (const happening of world) {
      const { type, actor, object } = happening;
      const row = rows.rowOf(happening);
      if (!object) continue;
      const name = objectName(object);
      const isDeleted = until.has(name) || (object.type === 'comment' && until.has(objectName(object.root)));
      const data = rows.dataOf(happening) as { restorable_until: EventTime; created_at: EventTime };
      if (adds(type)) postedAt.set(name, row.time);
      if (type === 'activity.object-deleted.v1') {
        expect([object.owner, isDeleted, data.created_at]).toEqual([actor, false, postedAt.get(name)]);
        expect(Date.parse(data.restorable_until) - Date.parse(row.time)).toBe(30 * 86_400_000);
        until.set(name, data.restorable_until);
      } else if (type === 'activity.object-restored.v1') {
        expect([object.owner, data.created_at]).toEqual([actor, postedAt.get(name)]);
        expect(row.time < (until.get(name) as EventTime)).toBe(true);
        until.delete(name);
        expect(object.type === 'comment' && until.has(objectName(object.root))).toBe(false);
      } else if (!type.includes('-un')) expect(isDeleted).toBe(false);
    }
  });

  it('refers only to objects and follows that exist at that time', () => {
    const objects = new Set<string>();
    const edges = new Set<string>();
    for (const { type, actor, target, object } of world) {
      const name = `${object?.type}:${object?.id}`;
      const edge = `${actor}>${target}`;
      if (adds(type)) objects.add(name);
      else if (object) expect(objects.has(name)).toBe(true);
      if (type === 'social-graph.user-followed.v1') {
        expect(edges.has(edge) || actor === target).toBe(false);
        edges.add(edge);
      }
      if (type === 'social-graph.user-unfollowed.v1') expect(edges.delete(edge)).toBe(true);
    }
  });

  it('has one like for each user and object at a time, and takes back only what is there', () => {
    const likes = new Map<string, EventRow>();
    const shares = new Map<string, EventRow[]>();
    const rows = new EventRows(plan, nameOf);
    for (const happening of world) {
      const { type, actor, object } = happening;
      const key = `${actor} ${object?.type}:${object?.id}`;
      const row = rows.rowOf(happening);
      const { undone } = rows.dataOf(happening) as { undone?: object };
      if (type === 'activity.object-liked.v1') {
        expect(likes.has(key)).toBe(false);
        likes.set(key, row);
      }
      if (type === 'activity.object-shared.v1') shares.set(key, [...(shares.get(key) ?? []), row]);
      if (type === 'activity.object-unliked.v1') {
        const { eventId: id, version, time } = likes.get(key) as EventRow;
        expect(undone).toEqual({ id, version, time });
        likes.delete(key);
      }
      if (type === 'activity.object-unshared.v1') {
        const all = shares.get(key) as EventRow[];
        expect(undone).toEqual({ count: all.length, first_time: all[0]?.time, last_time: all.at(-1)?.time });
        shares.delete(key);
      }
    }
  });

  it('has comments on objects that exist, and replies in the threads of comments on the same object', () => {
    const comments = new Map<number, WorldComment>();
    const posted = new Set<string>();
    for (const { type, object } of world) {
      if (!object || !adds(type)) continue;
      if (object.type !== 'comment') posted.add(objectName(object));
      else {
        expect(posted.has(objectName(object.root))).toBe(true);
        const to = object.replyTo && comments.get(object.replyTo.id);
        expect(object.replyTo).toEqual(to ? { id: to.id, owner: to.owner } : null);
        expect(object.thread).toBe(to ? (to.thread ?? to.id) : null);
        if (to) expect(object.root).toBe(to.root);
        comments.set(object.id, object);
      }
    }
    const replies = [...comments.values()].filter(({ replyTo }) => replyTo).length;
    expect(Math.abs(replies / comments.size - 0.3)).toBeLessThan(0.05);
    const likes = ofType(world, 'object-liked');
    const ofComments = likes.filter(({ object }) => object?.type === 'comment').length;
    expect(Math.abs(ofComments / likes.length - 0.1)).toBeLessThan(0.03);
  });

  it('has events that conform to their schemas', () => {
    const rows = new EventRows(plan, nameOf);
    const errors = world.flatMap((happening) => {
      rows.rowOf(happening);
      return eventSchemas[happening.type].safeParse(rows.dataOf(happening)).error ?? [];
    });
    expect(errors).toEqual([]);
  });

  it('has the size that sizeOf returns', () => {
    const added = (wanted: string) => world.filter(({ type, object }) => object?.type === wanted && adds(type)).length;
    const objects = { post: added('post'), photo: added('photo'), comment: added('comment') };
    expect(sizeOf(plan)).toEqual({ events: world.length, objects });
  });

  it('shares no event id or key with a second world of the same seed in the same system', () => {
    const worlds = [plan, { ...plan, firstIds: { user: 1_004, post: 900, photo: 800, comment: 700 } }];
    const ids = worlds.flatMap((one) => {
      const rows = new EventRows(one, nameOf);
      return world.slice(0, 2_000).map((happening) => rows.rowOf(happening).eventId);
    });
    expect(new Set(ids).size).toBe(4_000);
    expect(ids.every((id) => EventId.safeParse(id).success)).toBe(true);
    expect(new Set(worlds.map((one) => keyOf(one, 0))).size).toBe(2);
  });

  it('has fallback names for taken names, the same for the same seed', () => {
    expect([0, 1, 2].map((attempt) => nameAfter(attempt, 0, 7))).toEqual(['ada.abel', 'ada.abel-7', 'ada.abel-7-2']);
    expect(USER_NAME.test(nameAfter(10, 999_999, 2 ** 31 - 1))).toBe(true);
  });

  it('has unique names that look like names', () => {
    const names = Array.from({ length: 20_000 }, (_, user) => nameOf(user));
    expect(new Set(names).size).toBe(20_000);
    expect(names.every((name) => /^[a-z]{2,8}\.[a-z]{2,8}(\.\d)?$/.test(name))).toBe(true);
  });
});
