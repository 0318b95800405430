import { advisoryLock, type EventTime, sqlEventTime } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { type Activity, selectActivity } from '../activity/activity';
import type { TakenBack } from '../activity/effects';
import { correctAggregates, readKeptFrom } from './correct-aggregates';
import type { BucketedActivity } from './late-activities';
import { keepUndone } from './write-notices';

/** Relies on the index activities_of_actor. */
const TIMES = `
SELECT ${sqlEventTime('time')} AS time FROM activities
WHERE actor_id = $1 AND verb = $2 AND object_type = $3 AND object_id = $4 AND time >= $5 AND time <= $6
ORDER BY time`;

/** Of more activities than this, those of an uncompressed chunk are deleted together. */
const FEW = 10;

const UNCOMPRESSED = `
SELECT ${sqlEventTime('range_start')} AS start, ${sqlEventTime('range_end')} AS end FROM timescaledb_information.chunks
WHERE hypertable_name = 'activities' AND hypertable_schema = current_schema AND NOT is_compressed
  AND range_start <= $2 AND range_end > $1`;

interface Chunk {
  start: EventTime;
  end: EventTime;
}

/** Statements sent at once. The time limit of each begins when it is sent. */
const AT_ONCE = 1_000;

/**
 * By constants alone: in a compressed chunk only what they select is decompressed. A join with a list of times has left
 * the earliest of them undeleted there (TimescaleDB 2.19.3).
 */
const deleteWhere = (condition: string) => `
DELETE FROM activities
WHERE ${condition} AND actor_id = $2 AND verb = $3 AND object_type = $4 AND object_id = $5
RETURNING ${selectActivity({ time: sqlEventTime('time') })}`;

const DELETE = deleteWhere('time = $1::timestamptz');
const DELETE_RANGE = deleteWhere('time >= $1::timestamptz AND time <= $6::timestamptz');

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
WHERE time >= since AND time <= until AND actor_id = actor AND verb = of_verb AND object_type = type AND object_id = id
RETURNING ${selectActivity({ time: sqlEventTime('time') })}`,
};

export async function liftDecompressionLimit(tx: ClientBase): Promise<void> {
  await tx.query(WITHOUT_LIMIT);
}

/**
 * Removes the activities that were taken back, and corrects the aggregates by those that the retention has dropped.
 * Returns both. All activities of the same batch must have been inserted before.
 */
export async function takeBack(tx: ClientBase, takenBack: readonly TakenBack[]): Promise<BucketedActivity[]> {
  if (takenBack.length === 0) return [];
  await liftDecompressionLimit(tx);
  await tx.query(NOT_WHILE_MOVING);
  const { rows: hidden } = await tx.query<Activity>(DELETE_HIDDEN, columnsOf(takenBack));
  const parts = (await Promise.all(takenBack.map((range) => partsOf(tx, range)))).flat();
  const removed: Activity[] = [];
  for (let sent = 0; sent < parts.length; sent += AT_ONCE) {
    const slice = parts.slice(sent, sent + AT_ONCE);
    removed.push(...(await Promise.all(slice.map((part) => remove(tx, part)))).flat());
  }
  await keepUndone(tx, [...removed, ...hidden]);
  const keptFrom = await readKeptFrom(tx);
  const dropped = keptFrom ? takenBack.flatMap(timesOfEnds).filter(({ from }) => from < keptFrom) : [];
  await correctAggregates(tx, dropped);
  return [...removed, ...dropped.map((one) => ({ ...one, time: one.from }))];
}

/**
 * The parts of a range that are deleted by a statement each: an activity, or many in an uncompressed chunk. Deleting by a
 * long range would decompress everything in it.
 */
async function partsOf(tx: ClientBase, range: TakenBack): Promise<TakenBack[]> {
  const { actorId, verb, objectType, objectId, from, to } = range;
  if (from === to) return [range];
  const { rows } = await tx.query<{ time: EventTime }>(TIMES, [actorId, verb, objectType, objectId, from, to]);
  const single = rows.map(({ time }) => ({ ...range, from: time, to: time }));
  if (single.length <= FEW) return single;
  const { rows: chunks } = await tx.query<Chunk>(UNCOMPRESSED, [from, to]);
  const byChunk = Map.groupBy(single, (one) => chunks.find(({ start, end }) => start <= one.from && one.from < end));
  return [...byChunk].flatMap(([chunk, parts]) => (chunk ? { ...range, ...endsOf(parts) } : parts));
}

/** Of activities in order. */
const endsOf = (parts: readonly TakenBack[]) => ({
  from: (parts[0] as TakenBack).from,
  to: (parts.at(-1) as TakenBack).to,
});

async function remove(tx: ClientBase, part: TakenBack): Promise<Activity[]> {
  const { from, actorId, verb, objectType, objectId, to } = part;
  const values = [from, actorId, verb, objectType, objectId];
  const sent = from === to ? tx.query<Activity>(DELETE, values) : tx.query<Activity>(DELETE_RANGE, [...values, to]);
  return (await sent).rows;
}

const columnsOf = (ranges: readonly TakenBack[]) =>
  (['from', 'actorId', 'verb', 'objectType', 'objectId', 'to'] as const).map((name) => ranges.map((one) => one[name]));

/** The activities at both ends of a range. Where those between lay is unknown, once they are dropped. */
const timesOfEnds = (range: TakenBack): TakenBack[] =>
  [...new Set([range.from, range.to])].map((time) => ({ ...range, from: time, to: time }));
