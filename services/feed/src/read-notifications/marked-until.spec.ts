import { encodeLogPosition, type Microseconds, NO_MARKS, type UserId } from '@activity-feed/contracts';
import { inTurns } from '../timeline-index/queries/in-turns';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { indexedUser } from './notified-user';

const USER = 1 as UserId;
const upTo = (offset: number) =>
  encodeLogPosition({ 'social-graph': [], activity: [offset], 'social-graph-private': [] });

describe('until when notifications are marked', () => {
  let index: TimelineIndex;
  let user: number;
  beforeEach(() => {
    index = new TimelineIndex({ budget: 65_536, followeeBudget: 1 });
    user = index.users.number(USER);
  });

  /** A like with an offset in the log, and the time in microseconds at which it happened. */
  function like(offset: number, time: number): void {
    index.addRow({
      ...{ time: time as Microseconds, id: [0, 0, 0, offset], actor: index.users.number(2), target: user },
      ...{ verb: 'like', objectType: 'photo', objectId: offset, place: { source: 'activity', partition: 0, offset } },
    });
  }

  const mark = (seen: number | null, read: number | null) =>
    index.notifications.setMarks(user, {
      ...NO_MARKS,
      seen: seen === null ? null : upTo(seen),
      read: read === null ? null : upTo(read),
    });
  const markedUntil = () =>
    indexedUser(index, undefined as never, USER, undefined, async () => undefined).markedUntil();

  it('is unknown without marks, and never if everything is marked', async () => {
    like(1, 100);
    expect(await markedUntil()).toMatchObject({ seen: Number.NEGATIVE_INFINITY, read: Number.NEGATIVE_INFINITY });
    mark(2, null);
    expect(await markedUntil()).toMatchObject({ seen: Number.POSITIVE_INFINITY, read: Number.NEGATIVE_INFINITY });
    mark(2, 2);
    expect(await markedUntil()).toMatchObject({ seen: Number.POSITIVE_INFINITY, read: Number.POSITIVE_INFINITY });
  });

  it('is the time of the oldest one that is not, also of one that arrived late', async () => {
    for (const offset of [1, 2, 3]) like(offset, 100 * offset);
    mark(2, 3);
    expect(await markedUntil()).toMatchObject({ seen: 200, read: 300 });
    like(4, 50);
    expect(await markedUntil()).toMatchObject({ seen: 50, read: 50 });
    mark(5, 3);
    expect(await markedUntil()).toMatchObject({ seen: Number.POSITIVE_INFINITY, read: 50 });
  });

  it('includes those that arrive while it is searched', async () => {
    like(1, 100);
    mark(2, 2);
    const searching = markedUntil();
    like(2, 40);
    expect(await searching).toMatchObject({ seen: 40, read: 40 });
    const again = () => Promise.reject(new Error('it is known'));
    expect(index.notifications.markedUntil(user, again)).toMatchObject({ seen: 40, read: 40 });
  });

  it('is searched once for all who ask at the same time', async () => {
    like(1, 100);
    mark(2, 2);
    const found = await Promise.all([markedUntil(), markedUntil(), markedUntil()]);
    expect(found.every(({ seen }) => seen === Number.POSITIVE_INFINITY)).toBe(true);
    const again = () => Promise.reject(new Error('it is known'));
    expect(index.notifications.markedUntil(user, again)).toMatchObject({ seen: Number.POSITIVE_INFINITY });
  });

  it('is of the user’s own rows alone', async () => {
    like(1, 100);
    mark(2, 2);
    await markedUntil();
    index.addRow({
      ...{ time: 10 as Microseconds, id: [0, 0, 0, 9], actor: user, target: index.users.number(2) },
      ...{ verb: 'like', objectType: 'photo', objectId: 9 },
    });
    await inTurns(index.settle());
    expect(await markedUntil()).toMatchObject({ seen: Number.POSITIVE_INFINITY });
  });
});
