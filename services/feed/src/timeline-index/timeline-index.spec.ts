import { type EventId, fromMicroseconds, type Microseconds, type UserId } from '@activity-feed/contracts';
import fc from 'fast-check';
import type { Activity } from '../activity/activity';
import type { Effects } from '../activity/effects';
import { keyOfObject } from '../activity/object-key';
import { type Position, toPosition, uuidOf } from '../activity/positions';
import { TimelineIndex } from './timeline-index';

const START = 1_790_000_000_000_000n;
/** Enough for both code paths of merging. */
const USERS = 150;

/** An activity. Moments repeat and are out of order. */
const happening = fc.record({
  actor: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: USERS })),
  moment: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10_000_000 })),
  id: fc.uuid(),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const activityOf = ({ actor, moment, id }: Happening): Activity => ({
  time: fromMicroseconds(START + BigInt(moment)),
  eventId: id as EventId,
  actorId: actor as UserId,
  verb: 'post',
  objectType: 'post',
  objectId: moment,
  targetId: null,
});

/** Events with versions by stream, in the given order. */
function eventsOf(happenings: readonly Happening[]): Effects[] {
  const versions = new Map<number, number>();
  return happenings.map((happening) => {
    const version = (versions.get(happening.actor) ?? 0) + 1;
    versions.set(happening.actor, version);
    const user = { id: happening.actor as UserId, name: `user_${happening.actor}` };
    return { source: 'activity', stream: user.id, version, users: [user], activity: activityOf(happening) };
  });
}

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

const newestFirst = (a: Activity, b: Activity) =>
  a.time === b.time ? (a.eventId < b.eventId ? 1 : -1) : a.time < b.time ? 1 : -1;

function drain<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

const everyNth = fc.option(fc.integer({ min: 1, max: 5 }), { nil: Number.POSITIVE_INFINITY });

describe('the timeline index', () => {
  const world = fc.record({
    happenings: fc.uniqueArray(happening, { selector: ({ id }) => id, maxLength: 200, size: 'max' }),
    actors: fc.oneof(
      fc.uniqueArray(fc.integer({ min: 1, max: 10 })),
      fc.constant(Array.from({ length: USERS - 10 }, (_, index) => index + 1)),
    ),
    limit: fc.integer({ min: 1, max: 12 }),
    budget: fc.integer({ min: 16, max: 220 }),
    /** Every nth user and every nth object, or none. */
    hiddenUsers: everyNth,
    hiddenObjects: everyNth,
    deletedObjects: everyNth,
  });

  it('returns, above its floor, the pages of a plain sort, for random worlds and windows', () => {
    fc.assert(
      fc.property(world, ({ happenings, actors, limit, budget, hiddenUsers, hiddenObjects, deletedObjects }) => {
        const index = new TimelineIndex({ budget, followeeBudget: 100, segmentBits: 4 });
        expect(eventsOf(happenings).filter((effects) => index.apply(effects) !== 'applied')).toEqual([]);
        // Rows of deleted objects are in the lists until they are settled.
        for (const { actor, moment } of happenings.filter(({ moment }) => moment % deletedObjects === 0)) {
          const key = keyOfObject({ type: 'post', id: moment });
          index.objects.delete(key, { user: index.users.number(actor), version: 1 });
        }
        const view = {
          hides: (row: number) => index.rows.objectIdOf(row) % hiddenObjects === 0,
          hidesUser: (user: number) => index.users.idOf(user) % hiddenUsers === 0,
        };
        const isShown = ({ actor, moment }: Happening) =>
          actor % hiddenUsers !== 0 && moment % hiddenObjects !== 0 && moment % deletedObjects !== 0;
        const all = happenings
          .filter((happening) => actors.includes(happening.actor) && isShown(happening))
          .map(activityOf)
          .sort(newestFirst);
        const numbers = Uint32Array.from(actors, (actor) => index.users.number(actor)).sort();
        let before: Position | undefined;
        for (let from = 0; from <= all.length; from += limit) {
          const expected = all.slice(from, from + limit).map(({ eventId }) => eventId);
          const { rows, complete } = index.find(numbers, limit, before, view);
          const found = [...rows].map((row) => uuidOf(index.rows.positionOf(row).id));
          // The selected actors alone yield the same page.
          const { actors: few } = drain(index.select(numbers, limit, before, view));
          const again = [...index.find(few, limit, before, view).rows];
          expect(again.map((row) => uuidOf(index.rows.positionOf(row).id))).toEqual(found);
          // Memory returns the beginning of the page, or all of it if `complete`.
          expect(found).toEqual(complete ? expected : expected.slice(0, found.length));
          const next = all[from + found.length];
          if (!complete && next) expect(toPosition(next).time).toBeLessThanOrEqual(index.floor);
          const last = all[from + limit - 1];
          if (!last) break;
          before = toPosition(last);
        }
      }),
      { numRuns: 200 },
    );
  });

  const posted = (version: number, more: Partial<Effects> = {}): Effects => ({
    ...(eventsOf([{ actor: 1, moment: version, id: `00000000-0000-7000-8000-00000000000${version}` }])[0] as Effects),
    version,
    ...more,
  });
  const indexOf = (...events: Effects[]) => {
    const index = new TimelineIndex({ budget: 100, followeeBudget: 100 });
    for (const effects of events) index.apply(effects);
    return index;
  };
  const everythingBy = (index: TimelineIndex, user: number) =>
    [...index.find(Uint32Array.of(index.users.number(user)), 100).rows].map((row) => index.rows.objectIdOf(row));

  it('applies an event once, and not after a gap', () => {
    const index = indexOf(posted(1), posted(2));
    expect(index.apply(posted(2))).toBe('repeated');
    expect(index.apply(posted(4))).toBe('gap');
    expect(everythingBy(index, 1)).toEqual([2, 1]);
    expect(index.versionOf('activity', 1)).toBe(2);
  });

  it('restores a stream from the database without duplicating known activities', () => {
    const index = indexOf(posted(1), posted(2));
    const known = [1, 2, 3, 4].map((version) => posted(version).activity as Activity);
    index.restore({ source: 'activity', stream: 1, version: 4, activities: known, objectStates: [], hidings: [] });
    expect(everythingBy(index, 1)).toEqual([4, 3, 2, 1]);
    expect(index.apply(posted(5))).toBe('applied');
  });

  it('keeps the versions of an actor’s two sources separately, and merges their activities', () => {
    const follow = (version: number, following: boolean): Effects => ({
      source: 'social-graph',
      stream: 1 as UserId,
      version,
      users: [],
      activity: { ...(posted(1).activity as Activity), verb: 'follow', objectId: null, objectType: null },
      follow: { followerId: 1 as UserId, followeeId: 2 as UserId, following, version },
    });
    const index = indexOf(posted(1), posted(2), follow(1, true));
    expect(index.versionOf('social-graph', 1)).toBe(1);
    expect(everythingBy(index, 1)).toHaveLength(3);
  });

  it('updates known lists of followees from events, and discards the list of a stream that is restored', () => {
    const index = indexOf(posted(1));
    const [reader, two, three] = [1, 2, 3].map((id) => index.users.number(id)) as [number, number, number];
    const follow = (version: number, followee: number, following: boolean): Effects => ({
      source: 'social-graph',
      stream: 1 as UserId,
      version,
      users: [],
      follow: { followerId: 1 as UserId, followeeId: followee as UserId, following, version },
    });
    index.follows.set(reader, Uint32Array.of(three), 1);
    index.apply(follow(1, 3, false));
    expect(index.follows.get(reader)).toEqual(Uint32Array.of(three));
    index.apply(follow(2, 2, true));
    expect(index.follows.get(reader)).toEqual(Uint32Array.of(two, three));
    index.apply(follow(3, 3, false));
    expect(index.follows.get(reader)).toEqual(Uint32Array.of(two));
    index.restore({ source: 'social-graph', stream: 1, version: 9, activities: [], objectStates: [], hidings: [] });
    expect(index.follows.get(reader)).toBeUndefined();
  });

  it('stops a page after thousands of hidden rows, and continues there', () => {
    const index = new TimelineIndex({ budget: 100_000, followeeBudget: 1 });
    const [hidden, shown] = [12_000, 3];
    const isHidden = (row: number) => row >= shown;
    for (let number = 0; number < shown + hidden; number++) {
      const time = (Number(START) + number) as Microseconds;
      const row = { time, id: [number, 0, 0, 0] as const, actor: index.users.number(number % USERS), target: -1 };
      index.addRow({ ...row, verb: 'follow', objectType: null, objectId: null });
    }
    const actors = Uint32Array.from({ length: USERS }, (_, user) => index.users.number(user)).sort();
    const view = { hides: isHidden, hidesUser: () => false };
    const found: number[] = [];
    let stops = 0;
    for (let before: Position | undefined; ; stops++) {
      const { rows, stoppedAt } = index.find(actors, 10, before, view);
      found.push(...rows);
      if (stoppedAt === undefined) break;
      before = stoppedAt;
    }
    expect({ found, stops }).toEqual({ found: [2, 1, 0], stops: 2 });
  });

  it('ends where activities were dropped, and is incomplete once a late activity arrives below that point', () => {
    const events = eventsOf([1, 2, 3, 4].map((moment) => ({ actor: 1, moment, id: idOf(moment) })));
    const index = new TimelineIndex({ budget: 100, followeeBudget: 1 });
    for (const event of events) index.apply(event);
    const actors = Uint32Array.of(index.users.number(1));
    const shown = () => {
      const { rows, complete } = index.find(actors, 10);
      return { objects: Array.from(rows, (row) => index.rows.objectIdOf(row)), complete };
    };
    const at = (moment: number) => (Number(START) + moment) as Microseconds;
    expect(shown()).toEqual({ objects: [4, 3, 2, 1], complete: true });

    index.endAt(at(2));
    expect(shown()).toEqual({ objects: [4, 3], complete: true });
    expect(index.covers(at(2))).toBe(false);

    const late = { actor: 2, moment: 1, id: idOf(9) };
    for (const event of eventsOf([late])) index.apply(event);
    expect(shown()).toEqual({ objects: [4, 3], complete: false });

    index.endAt(at(3));
    expect(shown()).toEqual({ objects: [4], complete: true });
    // Rows below the dropped range's end that leave memory only now are not missing.
    index.beginAbove(at(2));
    expect(shown()).toEqual({ objects: [4], complete: true });
    // Rows evicted by the budget are still in the database.
    index.beginAbove(at(4));
    index.endAt(at(3));
    expect(shown()).toEqual({ objects: [], complete: false });
  });
});
