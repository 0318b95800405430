import {
  ENGAGEMENTS,
  type EventId,
  fromMicroseconds,
  type Microseconds,
  type ObjectRef,
  type ObjectType,
  objectTypeCode,
  toMicroseconds,
  toMilliseconds,
  type UserId,
  verbCode,
} from '@activity-feed/contracts';
import fc from 'fast-check';
import type { Activity } from '../activity/activity';
import { DAY, HOUR, SECOND } from '../activity/durations';
import type { Effects, TakenBack } from '../activity/effects';
import { keyOfObject, objectKey } from '../activity/object-key';
import { type Position, toPosition, uuidOf } from '../activity/positions';
import { TimelineIndex } from './timeline-index';

const START = (Math.floor(1_790_000_000_000_000 / DAY) * DAY + 6 * HOUR) as Microseconds;
/** Enough for both ways of merging. */
const USERS = 120;
const OWNER = 1_000;
const EVERYONE = Array.from({ length: USERS }, (_, user) => user + 1);
const OBJECTS = 3;
const WEIGHTS = Array.from({ length: 100 }, (_, age) => 1_000 - age);

const actor = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(...EVERYONE) },
);
const object = fc.integer({ min: 1, max: OBJECTS });
/** Seconds. */
const age = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 * 3_600 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * 86_400 }) },
);
const act = fc.record({
  step: fc.constant('act' as const),
  actor,
  verb: fc.constantFrom('post' as const, 'like' as const, 'share' as const, 'comment' as const),
  object,
  /** Of a like: whether it is of a comment on the object. */
  ofComment: fc.boolean(),
  age,
});
/** `place` selects among the actor's likes. */
const unlike = fc.record({ step: fc.constant('unlike' as const), actor, place: fc.nat() });
const unshare = fc.record({ step: fc.constant('unshare' as const), actor, object });
const change = fc.oneof({ weight: 4, arbitrary: act }, { weight: 2, arbitrary: unlike }, unshare);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  { weight: 30, arbitrary: change },
  // The last of the changes arrives, those before are missing in the log.
  fc.record({ step: fc.constant('gap' as const), actor, missed: fc.array(change, { minLength: 1, maxLength: 5 }) }),
  fc.record({
    step: fc.constantFrom('delete' as const, 'restore' as const),
    object,
    /** Whether it is a comment on the object. */
    comment: fc.boolean(),
  }),
  fc.record({ step: fc.constant('settle' as const), turns: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ step: fc.constant('pass time' as const), seconds: fc.integer({ min: 1, max: 7_200 }) }),
  fc.record({
    step: fc.constant('read' as const),
    actors: fc.oneof(fc.uniqueArray(actor, { minLength: 1 }), fc.constant(EVERYONE)),
    limit: fc.integer({ min: 1, max: 12 }),
    from: fc.integer({ min: 0, max: 4 }),
  }),
);

const newestFirst = (a: Activity, b: Activity) =>
  a.time === b.time ? (a.eventId < b.eventId ? 1 : -1) : a.time < b.time ? 1 : -1;

const objectOfNumber = (object: number): ObjectRef => ({ type: object % 2 ? 'post' : 'photo', id: object * 2 ** 49 });
const commentOn = (object: number): ObjectRef => ({ type: 'comment', id: object });

/** All activities that are not taken back, which objects are deleted, and the index under test. */
class World {
  private readonly deleted = new Set<number>();
  private settling: Generator<undefined, void> | undefined;
  private readonly visible = new Map<number, Activity[]>();
  private readonly versions = new Map<number, number>();
  /** By actor, verb and object, the end of the last range that was taken back. */
  private readonly undoneUntil = new Map<string, number>();
  private now = START as number;
  private events = 0;
  readonly index: TimelineIndex;

  constructor(budget: number) {
    const now = () => toMilliseconds(this.now as Microseconds);
    this.index = new TimelineIndex({ budget, followeeBudget: 10, segmentBits: 3, now });
  }

  passTime(seconds: number): void {
    this.now += seconds * SECOND;
  }

  apply(change: Change): void {
    expect(this.index.apply(this.happen(change))).toBe('applied');
  }

  /** Changes of one stream that only the database receives, except the last. */
  miss(actor: number, missed: readonly Change[]): void {
    for (const change of missed) this.happen({ ...change, actor });
    const last = this.happen({ step: 'act', actor, verb: 'post', object: 1, ofComment: false, age: 0 });
    expect(this.index.apply(last)).toBe('gap');
    const stored = this.of(actor).filter(({ time }) => toMicroseconds(time) > this.index.floor - SECOND);
    this.index.restore('activity', actor, last.version, stored);
  }

  /** An event of the objects' owner. */
  change(deleted: boolean, object: ObjectRef): void {
    const version = (this.versions.get(OWNER) ?? 0) + 1;
    this.versions.set(OWNER, version);
    if (deleted) this.deleted.add(keyOfObject(object));
    else this.deleted.delete(keyOfObject(object));
    const objectState = { objectType: object.type, objectId: object.id, deleted, version };
    const stream = OWNER as UserId;
    expect(this.index.apply({ source: 'activity', stream, version, users: [], objectState })).toBe('applied');
    const isPending = this.index.objects.pending.has(keyOfObject(object));
    // Whoever requires it waits, for all counts to be right.
    if (isPending) expect(this.index.isSettled('activity', OWNER, version)).toBe(false);
  }

  /** Lets the pass over all rows continue. */
  settle(turns = Number.POSITIVE_INFINITY): void {
    const { index } = this;
    for (let turn = 0; turn < turns; turn++) {
      if (!this.settling && index.objects.pending.size === 0) return;
      this.settling ??= index.settle();
      if (this.settling.next().done) this.settling = undefined;
    }
  }

  /** What reads show: nothing about a pending object. */
  shown(actor: number): Activity[] {
    const { pending } = this.index.objects;
    return this.of(actor).filter((one) => !keysOf(one).some((key) => this.deleted.has(key) || pending.has(key)));
  }

  expectSettled(): void {
    expect(this.index.objects.pending.size).toBe(0);
    expect(this.index.isSettled('activity', OWNER, Number.MAX_SAFE_INTEGER)).toBe(true);
  }

  of(actor: number): Activity[] {
    return this.visible.get(actor) ?? [];
  }

  private happen(change: Change): Effects {
    const { actor } = change;
    const version = (this.versions.get(actor) ?? 0) + 1;
    this.versions.set(actor, version);
    // Times of a stream all differ.
    this.now += 1;
    const effects = { source: 'activity' as const, stream: actor as UserId, version, users: [] };
    if (change.step === 'act') return { ...effects, activity: this.act(change) };
    const takenBack = change.step === 'unlike' ? this.unlike(change) : this.unshare(change);
    return takenBack ? { ...effects, takenBack } : effects;
  }

  private act({ actor, verb, object, ofComment, age }: Change & { step: 'act' }): Activity {
    const number = String(++this.events).padStart(12, '0');
    const root = objectOfNumber(object);
    const isOfComment = verb === 'like' && ofComment;
    const { type, id } = isOfComment ? commentOn(object) : root;
    // Times of a stream only grow, so an activity never lies in a range that was taken back before it.
    const earliest = (this.undoneUntil.get(`${actor} ${verb} ${type}:${id}`) ?? 0) + this.events;
    const activity: Activity = {
      time: fromMicroseconds(Math.max(this.now - age * SECOND, earliest) as Microseconds),
      eventId: `00000000-0000-4000-8000-${number}` as EventId,
      actorId: actor as UserId,
      verb,
      objectType: type,
      // Above 32 bits too.
      objectId: id,
      targetId: 1 as UserId,
      commentId: verb === 'comment' ? commentOn(object).id : null,
      ...(isOfComment && { rootType: root.type, rootId: root.id }),
    };
    this.visible.set(actor, [...this.of(actor), activity]);
    return activity;
  }

  private unlike({ actor, place }: Change & { step: 'unlike' }): TakenBack | undefined {
    const likes = this.of(actor).filter(({ verb }) => verb === 'like');
    const like = likes[place % likes.length];
    return like && this.takeBack(like, [like]);
  }

  private unshare({ actor, object }: Change & { step: 'unshare' }): TakenBack | undefined {
    const shares = this.of(actor).filter(({ verb, objectId }) => verb === 'share' && objectId === object * 2 ** 49);
    return shares[0] && this.takeBack(shares[0], shares);
  }

  private takeBack({ actorId, verb, objectType, objectId }: Activity, undone: Activity[]): TakenBack {
    this.visible.set(
      actorId,
      this.of(actorId).filter((one) => !undone.includes(one)),
    );
    const times = undone.map(({ time }) => time).sort();
    const [from, to] = [times[0], times.at(-1)] as [Activity['time'], Activity['time']];
    this.undoneUntil.set(`${actorId} ${verb} ${objectType}:${objectId}`, toMicroseconds(to));
    return { actorId, verb, objectType: objectType as ObjectType, objectId: objectId as number, from, to };
  }
}

function drain<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

const idOf = (index: TimelineIndex, row: number) => uuidOf(index.rows.positionOf(row).id);

function expectPages(world: World, actors: readonly number[], limit: number): void {
  const { index } = world;
  const all = actors.flatMap((one) => world.shown(one)).sort(newestFirst);
  const numbers = Uint32Array.from(actors, (one) => index.users.number(one)).sort();
  const page = (of: Uint32Array, before?: Position) => {
    const { rows, complete } = index.find(of, limit, before);
    return { ids: Array.from(rows, (row) => idOf(index, row)), complete };
  };
  let before: Position | undefined;
  for (let from = 0; from <= all.length; from += limit) {
    const expected = all.slice(from, from + limit).map(({ eventId }) => eventId);
    const { ids, complete } = page(numbers, before);
    expect(ids).toEqual(complete ? expected : expected.slice(0, ids.length));
    expect(page(drain(index.select(numbers, limit, before)).actors, before).ids).toEqual(ids);
    const missing = all[from + ids.length];
    if (!complete && missing) expect(toMicroseconds(missing.time)).toBeLessThanOrEqual(index.floor);
    const last = all[from + limit - 1];
    if (!last) break;
    before = toPosition(last);
  }
}

const countBy = <Item>(items: readonly Item[], key: (item: Item) => string) =>
  Object.fromEntries([...Map.groupBy(items, key)].map(([name, { length }]) => [name, length]));

function expectAggregates(world: World, actors: readonly number[], from: Microseconds): void {
  const { index } = world;
  if (!index.covers(from)) return;
  const numbers = Uint32Array.from(actors, (one) => index.users.number(one)).sort();
  const all = actors.flatMap((one) => world.shown(one)).filter(({ time }) => toMicroseconds(time) >= from);
  const dayOf = ({ time }: Activity) => Math.floor(toMicroseconds(time) / DAY);

  const groups = drain(index.groups({ actors: numbers, from, limit: 1_000 }));
  expect(
    Object.fromEntries(
      groups.map((one) => [
        `${Math.floor(one.firstTime / DAY)} ${one.actorId} ${one.verb} ${one.objectType}`,
        one.count,
      ]),
    ),
  ).toEqual(countBy(all, (one) => `${dayOf(one)} ${one.actorId} ${one.verb} ${one.objectType}`));

  const sums: Record<string, number> = {};
  for (const [day, counts] of drain(index.sums({ actors: numbers, from }))) {
    for (const verb of ['post', 'like', 'share', 'comment'] as const) {
      const count = counts[verbCode(verb)] as number;
      if (count > 0) sums[`${day / DAY} ${verb}`] = count;
    }
  }
  expect(sums).toEqual(countBy(all, (one) => `${dayOf(one)} ${one.verb}`));

  const hour = (Math.floor(START / HOUR) * HOUR + 100 * HOUR) as Microseconds;
  const tally = drain(index.tally({ actors: numbers, from, hour, weights: [...WEIGHTS, ...WEIGHTS] }));
  const engagements = all.filter(({ verb }) => verb !== 'post');
  const counted = Array.from(tally, ([key, { counts }]) =>
    ENGAGEMENTS.map(({ verb }, place) => [`${key} ${verb}`, counts[place] as number] as const),
  ).flat();
  expect(Object.fromEntries(counted.filter(([, count]) => count > 0))).toEqual(
    countBy(engagements, (one) => `${keyOf(one)} ${one.verb}`),
  );
}

/** Objects without which an activity is not shown. */
const keysOf = ({ objectType, objectId, commentId, rootType, rootId }: Activity): number[] => {
  const keys = [keyOfObject({ type: objectType as ObjectType, id: objectId as number })];
  if (commentId) keys.push(keyOfObject({ type: 'comment', id: commentId }));
  if (rootType && rootId) keys.push(keyOfObject({ type: rootType, id: rootId }));
  return keys;
};

const keyOf = ({ objectType, objectId }: Activity) =>
  objectKey(objectTypeCode(objectType as ObjectType), objectId as number);

function expectRecent(world: World): void {
  const { recent, floor } = world.index;
  const all = EVERYONE.flatMap((one) => world.shown(one)).filter(({ verb }) => verb !== 'post');
  const hourOf = ({ time }: Activity) => Math.floor(toMicroseconds(time) / HOUR) * HOUR;
  const isKept = (start: number) => start >= recent.from && start > floor;
  // While a comment or what it is on is pending, the counts of the other are yet to change.
  const { pending } = world.index.objects;
  const uncertain = new Set(
    EVERYONE.flatMap((one) => world.of(one))
      .filter((one) => keysOf(one).some((key) => pending.has(key)))
      .map(keyOf),
  );
  const found: Record<string, number> = {};
  for (const key of new Set(all.map(keyOf))) {
    if (uncertain.has(key)) continue;
    for (const { start, counts } of recent.get(key)?.hours ?? []) {
      if (!isKept(start)) continue;
      for (const [place, { verb }] of ENGAGEMENTS.entries()) {
        const count = counts[place] as number;
        if (count > 0) found[`${key} ${start} ${verb}`] = count;
      }
    }
  }
  const kept = all.filter((one) => isKept(hourOf(one)) && !uncertain.has(keyOf(one)));
  expect(found).toEqual(countBy(kept, (one) => `${keyOf(one)} ${hourOf(one)} ${one.verb}`));
  // Bounds from above.
  const bounds = new Map<number, number>();
  recent.forEach((key, counts) => {
    const sum = counts.reduce((sum, count) => sum + count);
    bounds.set(key, sum);
  });
  for (const [key, { length }] of Map.groupBy(kept, keyOf)) expect(bounds.get(key)).toBeGreaterThanOrEqual(length);
}

describe('activities that were taken back or whose objects are deleted', () => {
  it('are not shown, for random activities, gaps, windows and reads', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300, size: 'max' }),
        fc.integer({ min: 16, max: 300 }),
        (steps, budget) => {
          const world = new World(budget);
          for (const one of steps) {
            if (one.step === 'gap') world.miss(one.actor, one.missed);
            else if (one.step === 'delete' || one.step === 'restore') {
              world.change(one.step === 'delete', (one.comment ? commentOn : objectOfNumber)(one.object));
            } else if (one.step === 'settle') world.settle(one.turns);
            else if (one.step === 'pass time') world.passTime(one.seconds);
            else if (one.step === 'read') {
              expectPages(world, one.actors, one.limit);
              expectAggregates(world, one.actors, (Math.floor(START / DAY) * DAY - one.from * DAY) as Microseconds);
              expectRecent(world);
            } else world.apply(one as Change);
          }
          world.settle();
          world.expectSettled();
          expectPages(world, EVERYONE, 5);
          expectRecent(world);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('are not partly in a sum by object that is made while the object disappears or appears', () => {
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 10, segmentBits: 3 });
    const like = (number: number): Effects => {
      const eventId = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as EventId;
      const about = { verb: 'like', objectType: 'post', objectId: 1 + (number % 2), targetId: null } as const;
      const time = fromMicroseconds((START + number) as Microseconds);
      const activity = { ...about, time, eventId, actorId: 1 as UserId };
      return { source: 'activity', stream: 1 as UserId, version: number, users: [], activity };
    };
    for (let number = 1; number <= 40; number++) index.apply(like(number));
    const of = {
      actors: Uint32Array.of(index.users.number(1)),
      from: 0 as Microseconds,
      hour: START,
      weights: WEIGHTS,
    };
    const change = (version: number, deleted: boolean) => {
      const objectState = { objectType: 'post', objectId: 1, deleted, version } as const;
      index.apply({ source: 'activity', stream: OWNER as UserId, version, users: [], objectState });
    };
    for (const [version, deleted] of [true, false].entries()) {
      const tally = index.tally(of);
      tally.next();
      change(version + 1, deleted);
      drain(index.settle());
      const counts = Array.from(drain(tally), ([key, object]) => [key, object.counts[0]]);
      expect(counts).toEqual([[keyOfObject({ type: 'post', id: 2 }), 20]]);
    }
    expect(drain(index.tally(of)).size).toBe(2);
  });

  describe('cost no steps', () => {
    const ROWS = 5_000;
    const index = new TimelineIndex({ budget: 10 * ROWS, followeeBudget: 10 });
    let version = 0;
    const event = (more: Partial<Effects>) => {
      const effects = { source: 'activity' as const, stream: 1 as UserId, version: ++version, users: [], ...more };
      expect(index.apply(effects)).toBe('applied');
    };
    const timeOf = (moment: number) => fromMicroseconds((START + moment) as Microseconds);
    const about = (objectId: number) => ({
      actorId: 1 as UserId,
      verb: 'like' as const,
      objectType: 'post' as const,
      objectId,
    });
    const like = (moment: number) =>
      event({ activity: { ...about(moment), time: timeOf(moment), eventId: idAt(moment), targetId: null } });
    const unlike = (moment: number) =>
      event({ takenBack: { ...about(moment), from: timeOf(moment), to: timeOf(moment) } });
    const idAt = (moment: number) => `00000000-0000-4000-8000-${String(moment).padStart(12, '0')}` as EventId;
    /** The moments of a page, and the number of links followed to find them. */
    const page = (limit: number, before?: number) => {
      const links = [jest.spyOn(index.rows, 'older'), jest.spyOn(index.rows, 'skip')];
      const position = before === undefined ? undefined : toPosition({ time: timeOf(before), eventId: idAt(before) });
      const { rows } = index.find(Uint32Array.of(index.users.number(1)), limit, position);
      const steps = links.reduce((sum, { mock }) => sum + mock.calls.length, 0);
      for (const link of links) link.mockRestore();
      return { moments: Array.from(rows, (row) => index.rows.objectIdOf(row)), steps };
    };

    it('when their actor likes and unlikes again and again', () => {
      like(0);
      like(1);
      for (let moment = 2; moment < ROWS; moment++) {
        like(moment);
        unlike(moment);
      }
      expect(page(10)).toEqual({ moments: [1, 0], steps: 2 });
    });

    it('after the first read, when a long series between other rows was taken back, in any order', () => {
      const last = 4 * ROWS;
      for (let moment = ROWS; moment <= last; moment++) like(moment);
      for (let moment = last - 1; moment > 2 * ROWS; moment--) unlike(moment);
      for (let moment = ROWS + 1; moment <= 2 * ROWS; moment++) unlike(moment);
      expect(page(3).moments).toEqual([last, ROWS, 1]);
      page(3, last);
      expect(page(3, last).steps).toBeLessThan(20);
      expect(page(3, ROWS + 1)).toMatchObject({ moments: [ROWS, 1, 0] });
      expect(page(3, ROWS + 1).steps).toBeLessThan(20);
    });
  });
});
