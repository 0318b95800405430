import { type EventTime, sqlEventTime } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { type Activity, selectActivity } from '../activity/activity';
import type { TakenBack } from '../activity/effects';
import { correctAggregates, readKeptFrom } from './correct-aggregates';
import type { BucketedActivity } from './late-activities';

/** Relies on the index activities_of_actor. */
const TIMES = `
SELECT ${sqlEventTime('time')} AS time FROM activities
WHERE actor_id = $1 AND verb = $2 AND object_type = $3 AND object_id = $4 AND time >= $5 AND time <= $6`;

/** `$6` and `$7` exclude chunks, and in a compressed chunk everything that need not be decompressed. */
const DELETE = `
DELETE FROM activities
USING unnest($1::timestamptz[], $2::int[], $3::text[], $4::text[], $5::bigint[]) AS undone (at, actor, of_verb, type, id)
WHERE time = at AND actor_id = actor AND verb = of_verb AND object_type = type AND object_id = id
  AND time >= $6::timestamptz AND time <= $7::timestamptz
RETURNING ${selectActivity({ time: sqlEventTime('time') })}`;

/** For this transaction. The default would refuse to take back 100 activities from a compressed chunk. */
const WITHOUT_LIMIT = `
SELECT set_config(name, '0', true) FROM (VALUES ('timescaledb.max_tuples_decompressed_per_dml_transaction')) AS setting (name)
WHERE current_setting(name, true) IS NOT NULL`;

/**
 * Deletes the activities that were taken back, and corrects the aggregates by those that the retention has dropped.
 * Returns both. All activities of the same batch must have been inserted before.
 */
export async function takeBack(tx: ClientBase, takenBack: readonly TakenBack[]): Promise<BucketedActivity[]> {
  if (takenBack.length === 0) return [];
  await tx.query(WITHOUT_LIMIT);
  const single = (await Promise.all(takenBack.map((range) => activitiesIn(tx, range)))).flat();
  const byHour = Map.groupBy(single, ({ from }) => from.slice(0, HOUR_LENGTH));
  const removed = (await Promise.all([...byHour.values()].map((sameHour) => remove(tx, sameHour)))).flat();
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

async function remove(tx: ClientBase, single: readonly TakenBack[]): Promise<Activity[]> {
  const times = single.map(({ from }) => from).sort();
  const values = [
    single.map(({ from }) => from),
    single.map(({ actorId }) => actorId),
    single.map(({ verb }) => verb),
    single.map(({ objectType }) => objectType),
    single.map(({ objectId }) => objectId),
    times[0],
    times.at(-1),
  ];
  return (await tx.query<Activity>(DELETE, values)).rows;
}

/** The activities at both ends of a range. Where those between lay is unknown, once they are dropped. */
const endsOf = (range: TakenBack): TakenBack[] =>
  [...new Set([range.from, range.to])].map((time) => ({ ...range, from: time, to: time }));

const HOUR_LENGTH = '2019-02-10T12'.length;
