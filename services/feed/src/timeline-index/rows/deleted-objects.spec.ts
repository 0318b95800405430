import type { Microseconds } from '@activity-feed/contracts';
import { DeletedObjects } from './deleted-objects';

const KIND = 1;
const time = (number: number) => number as Microseconds;

describe('what was taken back while its object was deleted', () => {
  const undone = (at: number) => ({ kind: KIND, objectId: at, from: time(at), to: time(at) });

  it('is known until its row has left memory, by user', () => {
    const objects = new DeletedObjects();
    for (let at = 1; at <= 5_000; at++) objects.noteUndone(at % 2, undone(at), time(2_000));
    const isKnown = (user: number, at: number) => objects.isUndone(user, KIND, at, time(at));
    for (const at of [2_001, 4_999]) {
      expect(isKnown(1, at)).toBe(true);
      expect(isKnown(0, at)).toBe(false);
    }
    expect(isKnown(0, 5_000)).toBe(true);
    for (const at of [1, 999]) expect(isKnown(1, at)).toBe(false);
  });

  it('is forgotten for users who take nothing back any more', () => {
    const objects = new DeletedObjects();
    objects.noteUndone(7, undone(1), time(0));
    for (let at = 2; at <= 1_001; at++) objects.noteUndone(8, undone(at), time(1));
    expect(objects.isUndone(7, KIND, 1, time(1))).toBe(false);
  });

  it('is looked at a few times only, however much it is', () => {
    const objects = new DeletedObjects();
    let looks = 0;
    const counted = (at: number) => ({
      ...undone(at),
      get to() {
        looks++;
        return time(at);
      },
    });
    for (let at = 1; at <= 20_000; at++) objects.noteUndone(1, counted(at), time(0));
    expect(looks).toBeLessThan(3 * 20_000);
  });
});

describe('the change of an object', () => {
  const [USER, KEY] = [7, 21];

  it('is shown at once if the object is deleted, and in counts when its rows have been hidden', () => {
    const objects = new DeletedObjects();
    objects.delete(KEY, { user: USER, version: 3 });
    expect(objects.isSettled(USER, 3, false)).toBe(true);
    expect(objects.isSettled(USER, 3, true)).toBe(false);
    expect(objects.isSettled(USER, 2, true)).toBe(true);
    objects.endPass(objects.beginPass() as Set<number>);
    expect(objects.isSettled(USER, 3, true)).toBe(true);
  });

  it('is shown when its rows are, if the object is restored', () => {
    const objects = new DeletedObjects();
    objects.load(KEY);
    objects.restore(KEY, { user: USER, version: 4 });
    for (const counts of [false, true]) expect(objects.isSettled(USER, 4, counts)).toBe(false);
    objects.endPass(objects.beginPass() as Set<number>);
    for (const counts of [false, true]) expect(objects.isSettled(USER, 4, counts)).toBe(true);
  });
});
