import fc from 'fast-check';
import { encodeFeedPosition } from './feed-position';
import { encodeLogPosition } from './log-position';
import { MARKED_GROUPS_MAX, type Marks, mergeMarks, NO_MARKS } from './marks';

const upTo = (...activity: number[]) => encodeLogPosition({ 'social-graph': [], activity, 'social-graph-private': [] });
const positions = fc.tuple(fc.nat(3), fc.nat(3)).map((offsets) => upTo(...offsets));
const feedPositions = fc
  .tuple(fc.nat(1), fc.nat(3), fc.nat(3))
  .map(([epoch, ...activity]) =>
    encodeFeedPosition({ epoch, log: { 'social-graph': [], activity, 'social-graph-private': [] } }),
  );
const marks: fc.Arbitrary<Partial<Marks>> = fc.record({
  seen: fc.option(positions),
  read: fc.option(positions),
  groups: fc.uniqueArray(fc.record({ group: fc.constantFrom('a:1', 'b:1', 'c:2'), until: positions }), {
    selector: ({ group }) => group,
  }),
  positions: fc.option(fc.record({ friends: feedPositions, my: feedPositions }, { requiredKeys: [] }), {
    nil: undefined,
  }),
});
const merged = (all: readonly Partial<Marks>[]) => all.reduce<Marks>(mergeMarks, NO_MARKS);

describe('marks', () => {
  it('end up the same in whatever order, and however often, those of several devices are merged', () => {
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 5 }), fc.infiniteStream(fc.nat()), (all, order) => {
        const shuffled = all
          .flatMap((one) => [one, one])
          .map((one) => [order.next().value as number, one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one);
        expect(merged(shuffled)).toEqual(merged(all));
      }),
    );
  });

  it('never go back', () => {
    expect(merged([{ seen: upTo(2, 1) }, { seen: upTo(1, 3) }]).seen).toBe(upTo(2, 3));
  });

  it('keep how far lists were read: only forwards in one log, and from an earlier log to a later one', () => {
    const at = (epoch: number, ...activity: number[]) =>
      encodeFeedPosition({ epoch, log: { 'social-graph': [], activity, 'social-graph-private': [] } });
    const friendsAfter = (...all: string[]) =>
      merged(all.map((friends) => ({ positions: { friends } }))).positions?.friends;
    expect(friendsAfter(at(1, 3, 1), at(1, 2, 2))).toBe(at(1, 3, 2));
    expect(friendsAfter(at(2, 1), at(1, 9))).toBe(at(2, 1));
    expect(merged([{ positions: { friends: at(1, 1) } }, { positions: { my: at(1, 2) } }]).positions).toEqual({
      friends: at(1, 1),
      my: at(1, 2),
    });
  });

  it('leave out those of groups where everything is read', () => {
    const groups = [
      { group: 'like:photo:1:2026-11-30', until: upTo(2) },
      { group: 'like:photo:2:2026-11-30', until: upTo(4) },
    ];
    expect(merged([{ groups }, { read: upTo(3) }]).groups).toEqual([groups[1]]);
    expect(merged([{ read: upTo(3) }, { groups }]).groups).toEqual([groups[1]]);
  });

  it('keep those of the latest days, if there are too many', () => {
    const groups = Array.from({ length: MARKED_GROUPS_MAX + 10 }, (_, index) => ({
      group: `like:photo:${index}:2026-11-${index < 10 ? '01' : '02'}`,
      until: upTo(1),
    }));
    const kept = merged([{ groups }]).groups;
    expect(kept).toHaveLength(MARKED_GROUPS_MAX);
    expect(kept.every(({ group }) => group.endsWith('02'))).toBe(true);
  });
});
