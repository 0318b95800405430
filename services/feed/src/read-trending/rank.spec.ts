import { OBJECT_TYPES } from '@activity-feed/contracts';
import fc from 'fast-check';
import { keyOfObject, objectOf } from '../activity/object-key';
import {
  boundsOf,
  type ClosedList,
  type ClosedObject,
  type OpenObjects,
  rank,
  withObjects,
  withoutNoted,
} from './rank';

/** At least the highest limit of a request. */
const LISTED = 5;

/** Small scores, so that many are equal. */
const object = fc.record({
  key: fc
    .tuple(fc.constantFrom(...OBJECT_TYPES), fc.integer({ min: 1, max: 20 }))
    .map(([type, id]) => keyOfObject({ type, id })),
  closed: fc.integer({ min: 0, max: 12 }),
  open: fc.integer({ min: 0, max: 12 }),
});

const toClosed = (key: number, score: number): ClosedObject => {
  const { type, id } = objectOf(key);
  return {
    object_type: type,
    object_id: id,
    owner_id: 1,
    owner_name: `owner_${key}`,
    likes: score,
    shares: 0,
    comments: 0,
    score,
  };
};

const closedFirst = (a: ClosedObject, b: ClosedObject) => b.score - a.score || b.object_id - a.object_id;

/** The stored list: the best of each type. */
function listOf(closed: readonly ClosedObject[]): ClosedList {
  const kept = OBJECT_TYPES.map((type) => {
    const best = closed.filter(({ object_type }) => object_type === type).toSorted(closedFirst);
    return { type, best: best.slice(0, LISTED) };
  });
  const bounds = kept.map(({ type, best }) => [type, boundsOf(best, LISTED)[type]]);
  return { objects: kept.flatMap(({ best }) => best), bounds: Object.fromEntries(bounds) };
}

describe('ranking', () => {
  it('finds the best objects of closed and open hours together, though only the best closed ones are listed', () => {
    const objects = fc.uniqueArray(object, { selector: ({ key }) => key, maxLength: 38, size: 'max' });
    fc.assert(
      fc.property(objects, fc.integer({ min: 1, max: LISTED }), fc.nat(5), (drawn, limit, surplus) => {
        const closed = drawn.filter(({ closed }) => closed > 0).map(({ key, closed }) => toClosed(key, closed));
        const counts = new Map(
          drawn
            .filter(({ open }) => open > 0)
            .map(({ key, open }) => [key, { counts: [open, 0, 0], score: open, owner: 1 }]),
        );
        const open: OpenObjects = {
          get: (key) => counts.get(key),
          forEach: (each) => {
            for (const [key, { score }] of counts) each(key, score + surplus);
          },
        };
        const list = listOf(closed);
        const first = rank(list, open, limit);
        const found = closed.filter(({ object_type, object_id }) =>
          first.doubtful.includes(keyOfObject({ type: object_type, id: object_id })),
        );
        const { best } =
          first.doubtful.length === 0 ? first : rank(withObjects(list, first.doubtful, found), open, limit);
        const expected = drawn
          .map(({ key, closed, open }) => ({ ...objectOf(key), score: closed + open }))
          .filter(({ score }) => score > 0)
          .sort((a, b) => b.score - a.score || (a.type < b.type ? -1 : a.type > b.type ? 1 : b.id - a.id))
          .slice(0, limit);
        expect(best.map(({ key, score }) => ({ ...objectOf(key), score }))).toEqual(expected);
      }),
      { numRuns: 250 },
    );
  });

  it('finds the best objects though some scores of the stored list are outdated, or asks for another list', () => {
    const changed = fc.record({ object, now: fc.integer({ min: 0, max: 12 }), noted: fc.boolean() });
    const objects = fc.uniqueArray(changed, { selector: ({ object }) => object.key, maxLength: 38, size: 'max' });
    const nothingOpen: OpenObjects = { get: () => undefined, forEach: () => undefined };
    let answered = 0;
    fc.assert(
      fc.property(objects, fc.integer({ min: 1, max: LISTED }), (drawn, limit) => {
        const present = drawn.map(({ object: { key, closed }, now, noted }) => ({
          key,
          noted,
          before: toClosed(key, closed),
          after: toClosed(key, noted ? now : closed),
        }));
        const stored = listOf(present.map(({ before }) => before).filter(({ score }) => score > 0)).objects;
        const noted = present.filter((one) => one.noted);
        const keys = new Set(noted.map(({ key }) => key));
        const list = withoutNoted(stored, keys, LISTED, limit);
        if (!list) return;
        answered++;
        const found = noted.map(({ after }) => after).filter(({ score }) => score > 0);
        const { best, doubtful } = rank({ ...list, objects: [...list.objects, ...found] }, nothingOpen, limit);
        const expected = present
          .map(({ key, after: { score } }) => ({ ...objectOf(key), score }))
          .filter(({ score }) => score > 0)
          .sort((a, b) => b.score - a.score || (a.type < b.type ? -1 : a.type > b.type ? 1 : b.id - a.id))
          .slice(0, limit);
        expect(best.map(({ key, score }) => ({ ...objectOf(key), score }))).toEqual(expected);
        expect(doubtful).toEqual([]);
      }),
      { numRuns: 250 },
    );
    expect(answered).toBeGreaterThan(100);
  });
});
