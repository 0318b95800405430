import { type EventId, fromMicroseconds, type Microseconds, type UserId } from '@activity-feed/contracts';
import { DAY, HOUR } from '../activity/durations';
import type { Effects } from '../activity/effects';
import { keyOfObject } from '../activity/object-key';
import { toPosition } from '../activity/positions';
import { TimelineIndex } from './timeline-index';

const START = (Math.floor(1_790_000_000_000_000 / DAY) * DAY + 6 * HOUR) as Microseconds;
const OWNER = 1_000;
const WEIGHTS = Array.from({ length: 100 }, (_, age) => 1_000 - age);

function drain<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe('activities that were taken back or whose objects are deleted', () => {
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

    it('and leave no notes when other objects are deleted', () => {
      const noting = jest.spyOn(index.objects, 'noteUndone');
      const moment = 10 * ROWS;
      event({ objectState: { objectType: 'post', objectId: moment + 1, deleted: true, version } });
      drain(index.settle());
      like(moment);
      unlike(moment);
      expect(noting).not.toHaveBeenCalled();
      like(moment + 2);
      event({ objectState: { objectType: 'post', objectId: moment + 2, deleted: true, version } });
      drain(index.settle());
      unlike(moment + 2);
      expect(noting).toHaveBeenCalledTimes(1);
      noting.mockRestore();
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
