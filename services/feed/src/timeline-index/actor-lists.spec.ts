import { type Microseconds, objectTypeCode } from '@activity-feed/contracts';
import fc from 'fast-check';
import { objectKey } from '../activity/object-key';
import { LOWEST_ID } from '../activity/positions';
import type { Row } from './rows/activity-rows';
import { ActorLists } from './rows/actor-list';
import { UNDONE } from './rows/row-segment';
import { TimelineIndex } from './timeline-index';

const START = 1_790_000_000_000_000;
const ACTORS = 6;
const MOMENTS = 60;
const OBJECTS = 4;
const PENDING = 2;

const at = (moment: number) => (START + moment) as Microseconds;

const world = fc.record({
  activities: fc.array(
    fc.record({
      actor: fc.integer({ min: 1, max: ACTORS }),
      moment: fc.integer({ min: 0, max: MOMENTS }),
      objectId: fc.integer({ min: 1, max: OBJECTS }),
      /** 0: stays, 1: is hidden, 2: is hidden and shown again. */
      fate: fc.integer({ min: 0, max: 2 }),
      /** Where a search begins meanwhile. */
      before: fc.integer({ min: MOMENTS - 3, max: MOMENTS }),
    }),
    { maxLength: 150, size: 'max' },
  ),
  budget: fc.constantFrom(32, 1_000),
  before: fc.integer({ min: 0, max: MOMENTS + 1 }),
});

describe('lists of actors', () => {
  it('have the newest row of each actor before a position, however rows come and go', () => {
    fc.assert(
      fc.property(world, ({ activities, budget, before }) => {
        const index = new TimelineIndex({ budget, followeeBudget: 1, segmentBits: 3 });
        const { rows, users } = index;
        const shown = new Map<Row, (typeof activities)[number]>();
        const position = { time: at(before), id: LOWEST_ID };
        const actors = Array.from({ length: ACTORS }, (_, place) => place + 1);
        const numbers = Uint32Array.from(actors, (actor) => users.number(actor));
        const covered = (row: Row | undefined) =>
          row !== undefined && index.covers(rows.timeOf(row)) ? row : undefined;
        for (const { actor, moment, objectId, fate, before } of activities) {
          const meanwhile = { time: at(before), id: LOWEST_ID };
          const row = rows.total;
          index.addRow({
            ...{ time: at(moment), id: [row, 0, 0, 0], actor: users.number(actor), target: -1 },
            ...{ verb: 'like', objectType: 'photo', objectId },
          });
          // The row may have raised the floor above itself.
          if (!index.covers(at(moment))) continue;
          // Notes the row, before it may be hidden.
          index.lists.newestOfEachBefore(numbers, meanwhile);
          if (fate > 0) index.lists.hide(row, UNDONE);
          if (fate > 1) {
            rows.unmark(row, UNDONE);
            index.lists.show(row);
          }
          if (fate !== 1 && objectId !== PENDING) shown.set(row, { actor, moment, objectId, fate, before });
          // What earlier searches found is still right, or is not used.
          const searched = new ActorLists(rows, users).newestOfEachBefore(numbers, meanwhile);
          expect(index.lists.newestOfEachBefore(numbers, meanwhile).map(covered)).toEqual(searched.map(covered));
        }
        const lists = new ActorLists(rows, users, new Set([objectKey(objectTypeCode('photo'), PENDING)]));
        const expected = actors.map((actor) =>
          [...shown]
            .filter(([, one]) => one.actor === actor && one.moment < before && index.covers(at(one.moment)))
            .sort(([a, one], [b, other]) => other.moment - one.moment || b - a)
            .map(([row]) => row)
            .at(0),
        );
        expect(lists.newestOfEachBefore(numbers, position).map(covered)).toEqual(expected);
        expect(Array.from(numbers, (actor) => covered(lists.newestBefore(actor, position)))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
