import {
  type EventId,
  fromMicroseconds,
  type Microseconds,
  toMicroseconds,
  type UserId,
  VERBS,
} from '@activity-feed/contracts';
import fc from 'fast-check';
import type { Activity } from '../../activity/activity';
import { DAY } from '../../activity/durations';
import type { Effects } from '../../activity/effects';
import { TimelineIndex } from '../timeline-index';
import type { GroupPosition } from './grouped-rows';

const START = Math.floor(1_790_000_000_000_000 / DAY) * DAY;
const DAYS = 4;

/** Times repeat, so that groups begin together and days end in the middle of an actor's list. */
const activity = fc.record({
  id: fc.uuid(),
  actor: fc.integer({ min: 1, max: 5 }),
  verb: fc.constantFrom(...VERBS),
  type: fc.constantFrom('post' as const, 'photo' as const),
  objectId: fc.integer({ min: 1, max: 9 }),
  time: fc.oneof(
    fc.integer({ min: 0, max: DAYS * 4 }).map((quarter) => Math.max(0, (quarter * DAY) / 4 - (quarter % 2))),
    fc.integer({ min: 0, max: DAYS * DAY }),
  ),
});
type Drawn = typeof activity extends fc.Arbitrary<infer T> ? T : never;

function toActivity({ id, actor, verb, type, objectId, time }: Drawn): Activity {
  const follows = verb === 'follow' || verb === 'unfollow';
  return {
    eventId: id as EventId,
    time: fromMicroseconds((START + time) as Microseconds),
    actorId: actor as UserId,
    verb,
    objectType: follows ? null : type,
    objectId: follows ? null : objectId,
    targetId: null,
  };
}

const LIKE = { verb: 'like' as const, type: 'photo' as const, objectId: 1 };
const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Applied in stream order, which is not the order of time. */
function indexOf(activities: readonly Activity[], budget = 1_000): TimelineIndex {
  const index = new TimelineIndex({ budget, followeeBudget: 10 });
  const versions = new Map<number, number>();
  for (const one of activities) {
    const version = (versions.get(one.actorId) ?? 0) + 1;
    versions.set(one.actorId, version);
    const users = [{ id: one.actorId, name: `user_${one.actorId}` }];
    const effects: Effects = { source: 'activity', stream: one.actorId, version, users, activity: one };
    expect(index.apply(effects)).toBe('applied');
  }
  return index;
}

/** Rows of another user: so many that the actors' rows are found by their lists. */
const CROWD = 10_000;
function addCrowd(index: TimelineIndex): void {
  const actor = index.users.number(99);
  for (let number = 0; number < CROWD; number++) {
    const time = (START + (number * DAYS * DAY) / CROWD) as Microseconds;
    const row = { time, id: [number, 0, 0, 0] as const, actor, target: -1 };
    index.addRow({ ...row, verb: 'follow', objectType: null, objectId: null });
  }
}

const timeOf = ({ time }: Activity) => toMicroseconds(time);

/** The reference: groups all activities. */
function plainGroups(
  activities: readonly Activity[],
  actors: readonly number[],
  from: number,
  to = Number.POSITIVE_INFINITY,
) {
  const members = activities.filter((one) => actors.includes(one.actorId) && timeOf(one) >= from && timeOf(one) < to);
  const keyOf = (one: Activity) => [Math.floor(timeOf(one) / DAY), one.actorId, one.verb, one.objectType].join(' ');
  return [...Map.groupBy(members, keyOf).values()]
    .map((group) => {
      const newest = group.toSorted((a, b) => timeOf(b) - timeOf(a) || (a.eventId < b.eventId ? 1 : -1));
      const last = newest.at(-1) as Activity;
      return {
        firstTime: timeOf(last),
        actorId: last.actorId,
        verb: last.verb,
        objectType: last.objectType ?? '',
        count: newest.length,
        objectIds: newest.flatMap(({ objectId }) => objectId ?? []).slice(0, 3),
      };
    })
    .sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
}

/** A sort key, highest first. */
const orderOf = ({ firstTime, actorId, verb, objectType }: GroupPosition) =>
  [String(firstTime).padStart(16, '0'), String(actorId).padStart(10, '0'), verb, objectType].join('\0');

function resultOf<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe('groups of rows', () => {
  it('equal groups of all activities, page after page', () => {
    const world = fc.record({
      activities: fc.uniqueArray(activity, { selector: ({ id }) => id, maxLength: 250, size: 'max' }),
      actors: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
      day: fc.integer({ min: 0, max: DAYS - 1 }),
      days: fc.option(fc.integer({ min: 1, max: DAYS }), { nil: undefined }),
      limit: fc.integer({ min: 1, max: 8 }),
      isCrowded: fc.boolean(),
    });
    fc.assert(
      fc.property(world, ({ activities: drawn, actors, day, days, limit, isCrowded }) => {
        const activities = drawn.map(toActivity);
        const index = indexOf(activities, 2 * CROWD);
        if (isCrowded) addCrowd(index);
        const numbers = Uint32Array.from(actors, (actor) => index.users.number(actor));
        const from = (START + day * DAY) as Microseconds;
        const to = days === undefined ? undefined : ((from + days * DAY) as Microseconds);
        const expected = plainGroups(activities, actors, from, to);
        let before: GroupPosition | undefined;
        for (let at = 0; at <= expected.length; at += limit) {
          const page = resultOf(index.groups({ actors: numbers, from, to, limit, before }));
          expect(page.map(({ user: _, ...group }) => group)).toEqual(expected.slice(at, at + limit));
          before = page.at(-1);
        }
      }),
    );
  });

  it('of many actors equal groups of all activities that are visible, page after page', () => {
    const actors = Array.from({ length: 300 }, (_, place) => place + 1);
    const hiddenObject = 3;
    const world = fc.record({
      activities: fc.uniqueArray(
        activity.chain((one) => fc.integer({ min: 1, max: actors.length }).map((actor) => ({ ...one, actor }))),
        { selector: ({ id }) => id, minLength: 200, maxLength: 500, size: 'max' },
      ),
      day: fc.integer({ min: 0, max: DAYS - 1 }),
      days: fc.option(fc.integer({ min: 1, max: DAYS }), { nil: undefined }),
      limit: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(world, ({ activities: drawn, day, days, limit }) => {
        const activities = drawn.map(toActivity);
        const index = indexOf(activities);
        const numbers = Uint32Array.from(actors, (actor) => index.users.number(actor));
        const visibility = {
          hides: (row: number) => index.rows.objectIdOf(row) === hiddenObject,
          hidesUser: () => false,
        };
        const from = (START + day * DAY) as Microseconds;
        const to = days === undefined ? undefined : ((from + days * DAY) as Microseconds);
        const visible = activities.filter(({ objectId }) => objectId !== hiddenObject);
        const expected = plainGroups(visible, actors, from, to);
        let before: GroupPosition | undefined;
        for (let at = 0; at <= expected.length; at += limit) {
          const page = resultOf(index.groups({ actors: numbers, from, to, limit, before, visibility }));
          expect(page.map(({ user: _, ...group }) => group)).toEqual(expected.slice(at, at + limit));
          before = page.at(-1);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are all found if the actors of the sample are the only active ones', () => {
    const [sampled, apart, limit] = [64, 5, 40];
    const activities = Array.from({ length: sampled }, (_, place) =>
      toActivity({ ...LIKE, id: idOf(place), actor: 1 + place * apart, time: place }),
    );
    const index = indexOf(activities);
    const numbers = Uint32Array.from({ length: sampled * apart }, (_, place) => index.users.number(place + 1));
    const found = resultOf(index.groups({ actors: numbers, from: START as Microseconds, limit }));
    expect(found).toHaveLength(limit);
  });

  it('are found without reading most rows of groups that began earlier', () => {
    const [actors, likes] = [2_000, 12];
    // Each actor is active for some seconds, one after the other.
    const activities = Array.from({ length: actors * likes }, (_, at) => {
      const actor = Math.floor(at / likes);
      return toActivity({ ...LIKE, id: idOf(at), actor: 1 + actor, time: (actor * DAY) / actors + (at % likes) });
    });
    const index = indexOf(activities, activities.length);
    const numbers = Uint32Array.from({ length: actors }, (_, place) => index.users.number(place + 1));
    const kindOf = jest.spyOn(index.rows, 'kindOf');
    const found = resultOf(index.groups({ actors: numbers, from: START as Microseconds, limit: 10 }));
    expect(found.map(({ actorId, count }) => [actorId, count])).toEqual(
      Array.from({ length: 10 }, (_, place) => [actors - place, likes]),
    );
    expect(kindOf.mock.calls.length).toBeLessThan(activities.length / 4);
    // In a closed day, a scan has told whose groups they are.
    const older = jest.spyOn(index.rows, 'older');
    const day = { from: START as Microseconds, to: (START + DAY) as Microseconds };
    expect(resultOf(index.groups({ actors: numbers, ...day, limit: 10 }))).toEqual(found);
    expect(older.mock.calls.length).toBeLessThan(activities.length / 100);
  });
});
