import fc from 'fast-check';
import { HIDINGS } from '../../activity/effects';
import { BLOCKED_BY, BLOCKS, HiddenUsers, MUTES, MUTES_SHARES } from './hidden-users';

const USERS = 12;
const ALL = BLOCKS | BLOCKED_BY | MUTES | MUTES_SHARES;

const user = fc.nat({ max: USERS - 1 });
const edge = fc.record({
  user,
  other: user,
  kind: fc.constantFrom(...HIDINGS),
  until: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  holds: fc.boolean(),
});
const steps = fc.array(
  fc.oneof({ weight: 6, arbitrary: edge }, fc.record({ replaced: user, by: fc.array(edge, { maxLength: 4 }) })),
  { maxLength: 60 },
);

/** The reference: edges by name, with when they end. */
class Model {
  readonly edges = new Map<string, number>();

  set(from: number, to: number, kind: string, holds: boolean, until = Number.POSITIVE_INFINITY): void {
    const name = `${from} ${to} ${kind}`;
    if (holds) this.edges.set(name, kind === 'block' ? Number.POSITIVE_INFINITY : until);
    else this.edges.delete(name);
  }

  replace(from: number): void {
    for (const name of this.edges.keys()) if (name.startsWith(`${from} `)) this.edges.delete(name);
  }

  bits(viewer: number, other: number, now: number): number {
    const has = (from: number, to: number, kind: string) => (this.edges.get(`${from} ${to} ${kind}`) ?? 0) > now;
    return (
      (has(viewer, other, 'block') ? BLOCKS : 0) |
      (has(other, viewer, 'block') ? BLOCKED_BY : 0) |
      (has(viewer, other, 'mute') ? MUTES : 0) |
      (has(viewer, other, 'mute-shares') ? MUTES_SHARES : 0)
    );
  }
}

describe('the users hidden from others', () => {
  it('are those of the edges at every moment', () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const hidden = new HiddenUsers();
        const model = new Model();
        for (const change of changes) {
          if ('replaced' in change) {
            const { replaced, by } = change;
            const edges = by.map(({ other, kind, until }) => ({
              user: replaced,
              other,
              kind,
              until: untilOf(kind, until),
            }));
            hidden.replace(replaced, edges);
            model.replace(replaced);
            for (const { other, kind, until } of edges) model.set(replaced, other, kind, true, until);
          } else {
            const { user: from, other, kind, holds } = change;
            const until = untilOf(kind, change.until);
            hidden.set({ user: from, other, kind, until }, holds);
            model.set(from, other, kind, holds, until);
          }
          for (const now of [0, 5]) expectAsModel(hidden, model, now);
        }
      }),
    );
  });

  it('are nobody for users without edges, and again when the last edge has ended', () => {
    const hidden = new HiddenUsers();
    hidden.set({ user: 1, other: 2, kind: 'block' }, true);
    expect([1, 2, 3].map((one) => hidden.of(one) !== undefined)).toEqual([true, true, false]);
    hidden.set({ user: 1, other: 2, kind: 'block' }, false);
    expect([1, 2].map((one) => hidden.of(one))).toEqual([undefined, undefined]);
  });

  it('have the moment at which the next mute ends', () => {
    const hidden = new HiddenUsers();
    for (const [other, until] of [
      [2, 30],
      [3, 20],
      [4, undefined],
    ] as const) {
      hidden.set({ user: 1, other, kind: 'mute', until }, true);
    }
    const ends = [0, 20, 30].map((now) => hidden.of(1)?.nextEnd(now));
    expect(ends).toEqual([20, 30, Number.POSITIVE_INFINITY]);
  });
});

/** Blocks have no end. */
const untilOf = (kind: string, until: number | undefined) => (kind === 'block' ? undefined : until);

function expectAsModel(hidden: HiddenUsers, model: Model, now: number): void {
  for (let viewer = 0; viewer < USERS; viewer++) {
    const list = hidden.of(viewer);
    const bits = Array.from({ length: USERS }, (_, other) => model.bits(viewer, other, now));
    expect(bits.map((_, other) => list?.bitsOf(other, ALL, now) ?? 0)).toEqual(bits);
    for (const mask of [BLOCKS | BLOCKED_BY, MUTES, ALL]) {
      const expected = bits.flatMap((one, other) => ((one & mask) !== 0 ? other : []));
      expect(list?.withAny(mask, now) ?? []).toEqual(expected);
    }
  }
}
