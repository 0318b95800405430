import {
  type EventTime,
  fromMicroseconds,
  type Microseconds,
  OBJECT_TYPES,
  toMicroseconds,
  VERBS,
} from '@activity-feed/contracts';
import { readAtOnce } from '@activity-feed/link';
import fc from 'fast-check';
import { ActivityRows } from '../rows/activity-rows';
import { NameSlots } from '../rows/name-slots';
import { NO_USER } from '../rows/new-row';
import { EntryJson } from './entry-json';

const entry = fc.record({
  actor_name: fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 50 })),
  verb: fc.constantFrom(...VERBS),
  object: fc.option(
    fc.record({
      type: fc.constantFrom(...OBJECT_TYPES),
      id: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    }),
  ),
  comment_id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  target_name: fc.option(fc.string({ maxLength: 60 })),
  time: fc
    .integer({ min: 0, max: toMicroseconds('2100-01-01T00:00:00.000000+00:00' as EventTime) })
    .map((time) => time as Microseconds),
});

describe('the bytes of a page', () => {
  it('equal JSON.stringify of the entries', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        const rows = new ActivityRows(4);
        const names = new NameSlots();
        const expected = entries.map(({ actor_name, verb, object, comment_id, target_name, time }, index) => {
          const [actor, target] = [2 * index, 2 * index + 1];
          names.set(actor, actor_name);
          if (target_name !== null) names.set(target, target_name);
          const [objectType, objectId] = [object?.type ?? null, object?.id ?? null];
          rows.append({
            time,
            id: [0, 0, 0, index],
            actor,
            verb,
            objectType,
            objectId,
            target: target_name === null ? NO_USER : target,
            commentId: verb === 'comment' ? comment_id : null,
          });
          return {
            actor_name,
            verb,
            object_id: objectId,
            object_type: objectType,
            ...(verb === 'comment' && { comment_id }),
            target_name,
            time: fromMicroseconds(time),
          };
        });
        const bytes = readAtOnce(new EntryJson(rows, names).write(Uint32Array.from(entries.keys())));
        expect(`[${bytes.toString()}]`).toBe(JSON.stringify(expected));
      }),
      { numRuns: 300 },
    );
  });

  it('omit actors without a name and have null for such targets, as pages from the hypertable do', () => {
    const rows = new ActivityRows(4);
    const names = new NameSlots();
    names.set(1, 'ivan');
    const [nameless, ivan] = [0, 1];
    const like = { verb: 'like', objectType: 'post', objectId: 7 } as const;
    for (const [index, [actor, target]] of [
      [nameless, ivan],
      [ivan, nameless],
      [nameless, nameless],
      [ivan, ivan],
    ].entries()) {
      rows.append({
        ...like,
        time: index as Microseconds,
        id: [0, 0, 0, index],
        actor: actor as number,
        target: target as number,
      });
    }
    const written = (...entries: number[]) =>
      JSON.parse(`[${readAtOnce(new EntryJson(rows, names).write(Uint32Array.from(entries)))}]`).map(
        (entry: { actor_name: string; target_name: string | null }) => [entry.actor_name, entry.target_name],
      );
    expect(written(0, 1, 2, 3, 0)).toEqual([
      ['ivan', null],
      ['ivan', 'ivan'],
    ]);
    expect(written(0, 2)).toEqual([]);
  });
});
