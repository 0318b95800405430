import { type Microseconds, VERBS } from '@activity-feed/contracts';
import fc from 'fast-check';
import { TimelineIndex } from '../timeline-index';
import { LOOKUPS_PER_TURN } from './in-pieces';
import { ACTORS_PER_TURN } from './select-actors';
import { visitRows } from './visit-rows';
import { walkLists } from './walk-lists';

const START = 1_790_000_000_000_000;
const MOMENTS = 100;

const at = (moment: number) => (START + moment) as Microseconds;

const activity = fc.record({
  actor: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
  moment: fc.integer({ min: 0, max: MOMENTS }),
});

const world = fc.record({
  activities: fc.array(activity, { maxLength: 300, size: 'max' }),
  actors: fc.oneof(
    fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 40 })),
  ),
  from: fc.integer({ min: 0, max: MOMENTS }),
  to: fc.option(fc.integer({ min: 0, max: MOMENTS }), { nil: undefined }),
  budget: fc.constantFrom(64, 1_000),
});

/** The visited moments, and the number of pauses. */
function visited(index: TimelineIndex, actors: Uint32Array, from: number, to: number | undefined) {
  const moments: number[] = [];
  const times = { from: at(from), to: to === undefined ? undefined : at(to) };
  const pieces = [...visitRows(index, { actors, ...times }, (_, time) => moments.push(time - START))].length;
  return { moments: moments.sort((a, b) => a - b), pieces };
}

describe('visitRows', () => {
  it('visits each of the actors’ rows in a time range once, for few and many rows', () => {
    const ways = new Set<number>();
    fc.assert(
      fc.property(world, ({ activities, actors, from, to, budget }) => {
        const index = new TimelineIndex({ budget, followeeBudget: 1, segmentBits: 4 });
        for (const [number, { actor, moment }] of activities.entries()) {
          const id = [number, 0, 0, 0] as const;
          const row = { time: at(moment), id, verb: VERBS[0], objectType: null, objectId: null, target: -1 };
          index.addRow({ ...row, actor: index.users.number(actor) });
        }
        const numbers = Uint32Array.from(actors, (actor) => index.users.number(actor));
        const { moments, pieces } = visited(index, numbers, from, to);
        ways.add(Math.min(pieces, 1));
        if (!index.covers(at(from))) return;
        const expected = activities
          .filter(({ actor, moment }) => actors.includes(actor) && moment >= from && (to === undefined || moment < to))
          .map(({ moment }) => moment);
        expect(moments).toEqual(expected.sort((a, b) => a - b));
      }),
      { numRuns: 250 },
    );
    // Both ways occurred: walking lists does not pause for so few rows, scanning pauses after each segment.
    expect(ways).toEqual(new Set([0, 1]));
  });

  it('visits all rows of a segment, which is scanned in pieces', () => {
    const index = new TimelineIndex({ budget: 100_000, followeeBudget: 1 });
    const actor = index.users.number(1);
    const expected = Array.from({ length: 10_000 }, (_, number) => number);
    for (const number of expected) {
      const row = { time: at(number), id: [number, 0, 0, 0] as const, actor, target: -1 };
      index.addRow({ ...row, verb: VERBS[0], objectType: null, objectId: null });
    }
    expect(visited(index, Uint32Array.of(actor), 0, undefined)).toEqual({ moments: expected, pieces: 1 });
  });

  it('pauses after a few hundred actors if a position must be found in each list', () => {
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 1 });
    const actors = Uint32Array.from({ length: 2_000 }, (_, actor) => index.users.number(actor));
    const walk = (to?: Microseconds) =>
      [...walkLists(index.rows, index.lists, { actors, from: at(0), to }, () => {})].length;
    expect(walk(at(1))).toBe(actors.length / ACTORS_PER_TURN);
    // Starting at the newest row needs no search.
    expect(walk()).toBe(0);
  });

  it('pauses while it chooses a way and marks the actors, if there are very many of them', () => {
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: 1 });
    const length = 2 * LOOKUPS_PER_TURN + 1;
    const actors = Uint32Array.from({ length }, (_, actor) => index.users.number(actor));
    // Without rows all pauses are between actors: two in each of both passes.
    expect([...visitRows(index, { actors, from: at(0) }, () => {})]).toHaveLength(4);
  });
});
