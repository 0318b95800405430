import type { ClientBase } from 'pg';
import type { Activity } from '../activity/activity';
import type { Effects } from '../activity/effects';
import { objectsOf } from '../activity/objects-of';

const WRITE_STATES = {
  name: 'write-object-states',
  text: `
INSERT INTO object_states (object_type, object_id, deleted, stream, version, created_at)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[], $4::int[], $5::bigint[], $6::timestamptz[])
ON CONFLICT (object_type, object_id) DO UPDATE
SET deleted = excluded.deleted, stream = excluded.stream, version = excluded.version, moved = false,
    created_at = coalesce(excluded.created_at, object_states.created_at)
WHERE object_states.version < excluded.version`,
};

/** Relies on the primary key of object_states. */
const DELETED = {
  name: 'read-deleted-objects',
  text: `
SELECT object_type AS type, object_id::float8 AS id
FROM object_states JOIN unnest($1::text[], $2::bigint[]) AS wanted(object_type, object_id) USING (object_type, object_id)
WHERE object_id = ANY ($2::bigint[]) AND deleted`,
};

/** Writes the states that events give to objects. */
export async function writeObjectStates(tx: ClientBase, effects: readonly Effects[]): Promise<void> {
  const states = effects.flatMap(({ stream, objectState }) => (objectState ? { ...objectState, stream } : []));
  // INSERT … ON CONFLICT cannot update a row twice. The last state of an object is its newest.
  const last = [...new Map(states.map((state) => [nameOf(state.objectType, state.objectId), state])).values()];
  if (last.length === 0) return;
  const columns = (['objectType', 'objectId', 'deleted', 'stream', 'version', 'createdAt'] as const).map((name) =>
    last.map((one) => one[name]),
  );
  await tx.query({ ...WRITE_STATES, values: columns });
}

/**
 * Divides activities by whether an object that they are about is deleted. An activity may arrive after the deletion, from
 * another partition. One whose transaction has not seen the deletion is moved later.
 */
export async function divideByState(
  tx: ClientBase,
  activities: readonly Activity[],
): Promise<{ visible: Activity[]; hidden: Activity[] }> {
  const objects = new Map(activities.flatMap(objectsOf).map(({ type, id }) => [nameOf(type, id), { type, id }]));
  if (objects.size === 0) return { visible: [...activities], hidden: [] };
  const values = [[...objects.values()].map(({ type }) => type), [...objects.values()].map(({ id }) => id)];
  const { rows } = await tx.query<{ type: string; id: number }>({ ...DELETED, values });
  const deleted = new Set(rows.map(({ type, id }) => nameOf(type, id)));
  const { hidden = [], visible = [] } = Object.groupBy(activities, (activity) =>
    deleted.size > 0 && objectsOf(activity).some(({ type, id }) => deleted.has(nameOf(type, id)))
      ? 'hidden'
      : 'visible',
  );
  return { visible, hidden };
}

const nameOf = (type: string, id: number) => `${type}:${id}`;
