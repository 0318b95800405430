import { advisoryLock, type EventTime, sqlEventTime } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { type Activity, selectActivity } from '../activity/activity';
import type { TakenBack } from '../activity/effects';
import { correctAggregates, readKeptFrom } from './correct-aggregates';
import type { BucketedActivity } from './late-activities';

/** Relies on the index activities_of_actor. */
const TIMES = `
SELECT ${sqlEventTime('time')} AS time FROM activities
WHERE actor_id = $1 AND verb = $2 AND object_type = $3 AND object_id = $4 AND time >= $5 AND time <= $6`;

/**
 * By constants alone: in a compressed chunk only what they select is decompressed. A join with a list of times has left
 * the earliest of them undeleted there (TimescaleDB 2.19.3).
 */
const DELETE = `
DELETE FROM activities
WHERE time = $1::timestamptz AND actor_id = $2 AND verb = $3 AND object_type = $4 AND object_id = $5
RETURNING ${selectActivity({ time: sqlEventTime('time') })}`;

/** For this transaction. The default would refuse to take back 100 activities from a compressed chunk. */
const WITHOUT_LIMIT = `
SELECT set_config(name, '0', true) FROM (VALUES ('timescaledb.max_tuples_decompressed_per_dml_transaction')) AS setting (name)
WHERE current_setting(name, true) IS NOT NULL`;

/** Without the lock, an activity could be moved between the statement that looks into one table and that for the other. */
const NOT_WHILE_MOVING = `SELECT pg_advisory_xact_lock_shared(${advisoryLock('moveActivities')})`;

/** Activities about deleted objects. Relies on the index hidden_activities_of_actor. */
const DELETE_HIDDEN = {
  name: 'delete-hidden-activities',
  text: `
DELETE FROM hidden_activities
USING unnest($1::timestamptz[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[]) AS undone (since, actor, of_verb, type, id, until)
WHERE time >= since AND time <= until AND actor_id = actor AND verb = of_verb AND object_type = type AND object_id = id`,
};

export async function liftDecompressionLimit(tx: ClientBase): Promise<void> {
  await tx.query(WITHOUT_LIMIT);
}

/**
 * Deletes the activities that were taken back, and corrects the aggregates by those that the retention has dropped.
 * Returns both. All activities of the same batch must have been inserted before.
 */
export async function takeBack(tx: ClientBase, takenBack: readonly TakenBack[]): Promise<BucketedActivity[]> {
  if (takenBack.length === 0) return [];
  await liftDecompressionLimit(tx);
  await tx.query(NOT_WHILE_MOVING);
  await tx.query(DELETE_HIDDEN, columnsOf(takenBack));
  const single = (await Promise.all(takenBack.map((range) => activitiesIn(tx, range)))).flat();
  const removed = (await Promise.all(single.map((range) => remove(tx, range)))).flat();
  const keptFrom = await readKeptFrom(tx);
  const dropped = keptFrom ? takenBack.flatMap(endsOf).filter(({ from }) => from < keptFrom) : [];
  await correctAggregates(tx, dropped);
  return [...removed, ...dropped.map((one) => ({ ...one, time: one.from }))];
}

/** Each activity of a range by its time: deleting by a long range would decompress everything in it. */
async function activitiesIn(tx: ClientBase, range: TakenBack): Promise<TakenBack[]> {
  const { actorId, verb, objectType, objectId, from, to } = range;
  if (from === to) return [range];
  const { rows } = await tx.query<{ time: EventTime }>(TIMES, [actorId, verb, objectType, objectId, from, to]);
  return rows.map(({ time }) => ({ ...range, from: time, to: time }));
}

async function remove(tx: ClientBase, range: TakenBack): Promise<Activity[]> {
  const { from, actorId, verb, objectType, objectId } = range;
  return (await tx.query<Activity>(DELETE, [from, actorId, verb, objectType, objectId])).rows;
}

const columnsOf = (ranges: readonly TakenBack[]) =>
  (['from', 'actorId', 'verb', 'objectType', 'objectId', 'to'] as const).map((name) => ranges.map((one) => one[name]));

/** The activities at both ends of a range. Where those between lay is unknown, once they are dropped. */
const endsOf = (range: TakenBack): TakenBack[] =>
  [...new Set([range.from, range.to])].map((time) => ({ ...range, from: time, to: time }));
