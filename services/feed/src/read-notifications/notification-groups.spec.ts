import {
  isInLog,
  type LogPlace,
  type LogPosition,
  type Microseconds,
  type NotificationVerb,
} from '@activity-feed/contracts';
import fc from 'fast-check';
import { keyOfObject } from '../activity/object-key';
import type { Position } from '../activity/positions';
import { GroupsOfDay, type ReadMarks } from './notification-groups';
import type { NotifiedRow, RowDetails } from './notified-row';

const DAY = Date.UTC(2026, 10, 30) * 1_000;
const NO_MARKS: ReadMarks = { seen: undefined, read: undefined, readOf: new Map() };
const upTo = (offset: number): LogPosition => ({ 'social-graph': [], activity: [offset], 'social-graph-private': [] });

interface Details {
  position: Position;
  place: LogPlace | undefined;
}

const DETAILS: RowDetails<Details> = {
  positionOf: ({ position }) => position,
  placeOf: ({ place }) => place,
  isIn: ({ place }, position) => isInLog(place, position),
  commentIdOf: () => null,
  userIdOf: (actor) => actor,
};

/** A like of photo 1 by `actor`, `at` microseconds after the start of the day, with that offset or another place. */
function like(actor: number, at: number, more: Partial<NotifiedRow & Details> = {}): NotifiedRow {
  const time = (DAY + at) as Microseconds;
  const { place, ...fields } = { place: { source: 'activity' as const, partition: 0, offset: at }, ...more };
  const row = { actor, verb: 'like' as const, objectType: 'photo' as const, objectId: 1, isShown: true, ...fields };
  const { objectType: type, objectId: id } = row;
  const objectKey = type === null || id === null ? 0 : keyOfObject({ type, id });
  const handle: Details = { position: { time, id: [0, 0, 0, at] }, place };
  return { ...row, time, objectKey, handle, details: DETAILS as RowDetails };
}

/** The groups that are shown, by photo, of likes that come newest first. */
function plainGroups(likes: readonly NotifiedRow[]) {
  const shown = Array.from(
    Map.groupBy(likes, ({ objectId }) => Number(objectId)),
    ([objectId, ofPhoto]) => {
      const isShown = (actor: number) => ofPhoto.some((one) => one.actor === actor && one.isShown);
      const actors = [...new Set(ofPhoto.toReversed().map(({ actor }) => actor))].filter(isShown).reverse();
      return { objectId, actorIds: actors.slice(0, 3), count: Math.min(actors.length, 1_000) };
    },
  );
  return shown.filter(({ count }) => count > 0).sort((a, b) => a.objectId - b.objectId);
}

function groupsOf(rows: NotifiedRow[], marks: Partial<ReadMarks> = {}) {
  const groups = new GroupsOfDay(DAY as Microseconds, { ...NO_MARKS, ...marks });
  for (const row of rows.toSorted((a, b) => b.time - a.time)) groups.add(row);
  return [...groups.inOrder()];
}

describe('the groups of a day', () => {
  it('are of a verb and object each, the one with the newest member first', () => {
    const found = groupsOf([like(1, 1), like(2, 2, { objectId: 2 }), like(3, 3), like(1, 4, { verb: 'share' })]);
    expect(found.map(({ group, actorIds, count }) => [group, actorIds, count])).toEqual([
      ['share:photo:1:2026-11-30', [1], 1],
      ['like:photo:1:2026-11-30', [3, 1], 2],
      ['like:photo:2:2026-11-30', [2], 1],
    ]);
    expect(groupsOf([like(1, 1, { verb: 'follow', objectType: null, objectId: null })])[0]?.group).toBe(
      'follow:2026-11-30',
    );
  });

  it.each<[NotificationVerb, number, number]>([
    ['like', 1, 1],
    ['share', 1, 1],
    ['follow', 1, 1],
    ['request', 1, 1],
    ['comment', 2, 3],
    ['reply', 2, 3],
    ['mention', 2, 3],
  ])('have several of an actor at the place of the first, unless each counts: %s', (verb, count, newest) => {
    const [found] = groupsOf([like(1, 1, { verb }), like(1, 3, { verb })]);
    expect([found?.count, found?.newest.time, found?.shown.time]).toEqual([count, DAY + newest, DAY + newest]);
  });

  it('show an actor whose first like was taken back, at its place', () => {
    const [first, second] = groupsOf([like(1, 1, { isShown: false }), like(2, 2, { objectId: 2 }), like(1, 3)]);
    expect([first?.objectId, second?.objectId, second?.shown.time]).toEqual([2, 1, DAY + 1]);
  });

  it('keep their place when the newest member is not shown, and are left out when none is', () => {
    const hidden = { isShown: false };
    const found = groupsOf([
      like(1, 1),
      like(2, 2, { objectId: 2 }),
      like(3, 3, hidden),
      like(3, 4, { ...hidden, objectId: 3 }),
    ]);
    expect(found.map(({ objectId, newest, shown }) => [objectId, newest.time - DAY, shown.time - DAY])).toEqual([
      [1, 3, 1],
      [2, 2, 2],
    ]);
  });

  it('name three actors and count to a thousand', () => {
    const [found] = groupsOf(Array.from({ length: 1_001 }, (_, actor) => like(actor, actor)));
    expect(found).toMatchObject({ actorIds: [1_000, 999, 998], count: 1_000, more: true });
    expect(groupsOf([like(1, 1)])[0]?.more).toBe(false);
  });

  it('have each actor once, of however many rows, also after those of another day', () => {
    const some = (actors: number) =>
      fc.record({ actor: fc.nat({ max: actors }), objectId: fc.nat({ max: 20 }), isShown: fc.boolean() });
    const days = fc.array(fc.oneof(some(10), some(1_000)), { maxLength: 6_000, size: 'max' });
    fc.assert(
      fc.property(days, (members) => {
        const newestFirst = members.map(({ actor, ...more }, place) => like(actor, members.length - place, more));
        const groups = new GroupsOfDay(DAY as Microseconds, NO_MARKS);
        for (const row of newestFirst) groups.add(row);
        const found = Array.from(groups.inOrder(), ({ objectId, actorIds, count }) => ({ objectId, actorIds, count }));
        groups.release();
        expect(found.toSorted((a, b) => Number(a.objectId) - Number(b.objectId))).toEqual(plainGroups(newestFirst));
      }),
      { numRuns: 40 },
    );
  });

  it('are marked by members before a time without looking at these', () => {
    const marksOf = (time: number, asked: number[] = []) => {
      const until = { seen: (DAY + time) as Microseconds, read: Number.NEGATIVE_INFINITY as Microseconds };
      const groups = new GroupsOfDay(DAY as Microseconds, { ...NO_MARKS, seen: upTo(3) }, until);
      const isIn = ({ position, place }: Details, marked: LogPosition) => {
        asked.push(position.time - DAY);
        return isInLog(place, marked);
      };
      const details = { ...DETAILS, isIn } as RowDetails;
      for (const at of [4, 2, 1]) groups.add({ ...like(at, at), details });
      return [...groups.inOrder()].map(({ seen, read }) => ({ seen, read, asked }));
    };
    expect(marksOf(4)).toEqual([{ seen: false, read: false, asked: [4] }]);
    expect(marksOf(5)).toEqual([{ seen: true, read: false, asked: [] }]);
  });

  it('end where they are not needed, which may depend on whether later ones can be unseen or unread', () => {
    const until = { seen: (DAY + 3) as Microseconds, read: (DAY + 2) as Microseconds };
    const groups = new GroupsOfDay(DAY as Microseconds, NO_MARKS, until);
    for (const at of [3, 2, 1, 0]) groups.add(like(at, at, { objectId: at }));
    const found = groups.inOrder(
      () => true,
      ({ unseen, unread }) => unseen || unread,
    );
    expect(Array.from(found, ({ objectId, seen, read }) => [objectId, seen, read])).toEqual([
      [3, false, false],
      [2, true, false],
    ]);
  });

  it('are seen and read if all members that are shown are, in whatever order they arrived', () => {
    const rows = [like(1, 1), like(2, 2), like(3, 3, { isShown: false })];
    const marksOf = (marks: Partial<ReadMarks>, more: NotifiedRow[] = []) => {
      const [{ seen, read } = { seen: undefined, read: undefined }] = groupsOf([...rows, ...more], marks);
      return [seen, read];
    };
    expect(marksOf({})).toEqual([false, false]);
    expect(marksOf({ seen: upTo(3), read: upTo(2) })).toEqual([true, false]);
    const late = like(4, 0, { place: { source: 'activity', partition: 0, offset: 9 } });
    expect(marksOf({ seen: upTo(3) }, [late])).toEqual([false, false]);
    const elsewhere = like(4, 0, { place: { source: 'activity', partition: 1, offset: 0 } });
    expect(marksOf({ seen: upTo(3) }, [elsewhere])).toEqual([false, false]);
    const readOf = new Map([['like:photo:1:2026-11-30', upTo(3)]]);
    expect(marksOf({ readOf })).toEqual([false, true]);
    const old = like(4, 4, { place: undefined });
    expect(marksOf({ seen: upTo(3) }, [old])).toEqual([true, false]);
  });
});
