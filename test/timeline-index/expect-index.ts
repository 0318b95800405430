import type { UserId } from '@activity-feed/contracts';
import {
  ENGAGEMENTS,
  type Microseconds,
  type ObjectType,
  objectTypeCode,
  toMicroseconds,
  verbCode,
} from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import { DAY, HOUR } from '../../services/feed/src/activity/durations';
import { objectKey } from '../../services/feed/src/activity/object-key';
import { type Position, toPosition, uuidOf } from '../../services/feed/src/activity/positions';
import type { TimelineIndex } from '../../services/feed/src/timeline-index/timeline-index';
import { EVERYONE } from './index-steps';
import { type IndexWorld, keysOf, type Reading, START } from './index-world';

const WEIGHTS = Array.from({ length: 100 }, (_, age) => 1_000 - age);

const newestFirst = (a: Activity, b: Activity) =>
  a.time === b.time ? (a.eventId < b.eventId ? 1 : -1) : a.time < b.time ? 1 : -1;

const keyOf = ({ objectType, objectId }: Activity) =>
  objectKey(objectTypeCode(objectType as ObjectType), objectId as number);

function drain<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

const idOf = (index: TimelineIndex, row: number) => uuidOf(index.rows.positionOf(row).id);

const visibilityIn = (world: IndexWorld, { viewer, attention }: Reading) =>
  viewer === undefined ? undefined : world.index.viewers.viewOf(viewer as UserId, attention, world.followeesOf(viewer));

export function expectPages(world: IndexWorld, actors: readonly number[], limit: number, reading: Reading): void {
  const { index } = world;
  const visibility = visibilityIn(world, reading);
  const all = actors.flatMap((one) => world.shown(one, reading)).sort(newestFirst);
  const numbers = Uint32Array.from(actors, (one) => index.users.number(one)).sort();
  const page = (of: Uint32Array, before?: Position) => {
    const { rows, complete } = index.find(of, limit, before, visibility);
    return { ids: Array.from(rows, (row) => idOf(index, row)), complete };
  };
  let before: Position | undefined;
  for (let from = 0; from <= all.length; from += limit) {
    const expected = all.slice(from, from + limit).map(({ eventId }) => eventId);
    const { ids, complete } = page(numbers, before);
    expect(ids).toEqual(complete ? expected : expected.slice(0, ids.length));
    expect(page(drain(index.select(numbers, limit, before, visibility)).actors, before).ids).toEqual(ids);
    const missing = all[from + ids.length];
    if (!complete && missing) expect(toMicroseconds(missing.time)).toBeLessThanOrEqual(index.floor);
    const last = all[from + limit - 1];
    if (!last) break;
    before = toPosition(last);
  }
}

const countBy = <Item>(items: readonly Item[], key: (item: Item) => string) =>
  Object.fromEntries([...Map.groupBy(items, key)].map(([name, { length }]) => [name, length]));

export function expectAggregates(
  world: IndexWorld,
  actors: readonly number[],
  from: Microseconds,
  reading: Reading,
): void {
  const { index } = world;
  const visibility = visibilityIn(world, reading);
  if (!index.covers(from)) return;
  const numbers = Uint32Array.from(actors, (one) => index.users.number(one)).sort();
  const all = actors.flatMap((one) => world.shown(one, reading)).filter(({ time }) => toMicroseconds(time) >= from);
  const dayOf = ({ time }: Activity) => Math.floor(toMicroseconds(time) / DAY);

  const groups = drain(index.groups({ actors: numbers, from, limit: 1_000, visibility }));
  expect(
    Object.fromEntries(
      groups.map((one) => [
        `${Math.floor(one.firstTime / DAY)} ${one.actorId} ${one.verb} ${one.objectType}`,
        one.count,
      ]),
    ),
  ).toEqual(countBy(all, (one) => `${dayOf(one)} ${one.actorId} ${one.verb} ${one.objectType}`));

  const sums: Record<string, number> = {};
  for (const [day, counts] of drain(index.sums({ actors: numbers, from, visibility }))) {
    for (const verb of ['post', 'like', 'share', 'comment'] as const) {
      const count = counts[verbCode(verb)] as number;
      if (count > 0) sums[`${day / DAY} ${verb}`] = count;
    }
  }
  expect(sums).toEqual(countBy(all, (one) => `${dayOf(one)} ${one.verb}`));

  const hour = (Math.floor(START / HOUR) * HOUR + 100 * HOUR) as Microseconds;
  const tally = drain(index.tally({ actors: numbers, from, hour, weights: [...WEIGHTS, ...WEIGHTS], visibility }));
  const engagements = all.filter(({ verb }) => verb !== 'post');
  const counted = Array.from(tally, ([key, { counts }]) =>
    ENGAGEMENTS.map(({ verb }, place) => [`${key} ${verb}`, counts[place] as number] as const),
  ).flat();
  expect(Object.fromEntries(counted.filter(([, count]) => count > 0))).toEqual(
    countBy(engagements, (one) => `${keyOf(one)} ${one.verb}`),
  );
}

export function expectRecent(world: IndexWorld): void {
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
