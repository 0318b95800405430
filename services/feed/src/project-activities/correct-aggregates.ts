import { type EventTime, sqlEventTime } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import type { TakenBack } from '../activity/effects';

/** No row on the Apache edition, whose views do not count dropped activities, or where nothing was dropped. */
const FLOOR = `
SELECT ${sqlEventTime('notes_apply_from()')} AS floor
FROM (SELECT notes_apply_from() AS floor) AS retention WHERE isfinite(floor)`;

/** The start of the first day whose activities are all present; undefined if aggregates count nothing else. */
export async function readKeptFrom(tx: ClientBase): Promise<EventTime | undefined> {
  return (await tx.query<{ floor: EventTime }>(FLOOR)).rows[0]?.floor;
}

/**
 * Not for an activity that the aggregates never counted: one that arrived when its day had been dropped already. Relies on
 * the indexes of both aggregates, (actor_id, day) and (object_type, object_id, hour).
 */
const CORRECT = `
INSERT INTO aggregate_corrections (day, hour, actor_id, verb, object_type, object_id)
SELECT bucket.day, bucket.hour, actor, of_verb, type, id
FROM unnest($1::timestamptz[], $2::int[], $3::text[], $4::text[], $5::bigint[]) AS undone (at, actor, of_verb, type, id)
CROSS JOIN LATERAL (SELECT date_trunc('day', at, 'UTC') AS day, date_trunc('hour', at, 'UTC') AS hour) AS bucket
WHERE EXISTS (
  SELECT FROM actor_activity_daily AS groups
  WHERE groups.day = bucket.day AND groups.actor_id = actor AND groups.verb = of_verb AND groups.object_type = type
    AND groups.activities > (
      SELECT count(*) FROM aggregate_corrections AS known
      WHERE known.day = bucket.day AND known.actor_id = actor AND known.verb = of_verb AND known.object_type = type))
AND EXISTS (
  SELECT FROM object_engagement_hourly AS hours
  WHERE hours.hour = bucket.hour AND hours.object_type = type AND hours.object_id = id AND hours.verb = of_verb
    AND hours.activities > (
      SELECT count(*) FROM aggregate_corrections AS known
      WHERE known.hour = bucket.hour AND known.object_type = type AND known.object_id = id AND known.verb = of_verb))`;

/** Corrects the aggregates by activities that were dropped, each given by its time, before they were taken back. */
export async function correctAggregates(tx: ClientBase, dropped: readonly TakenBack[]): Promise<void> {
  if (dropped.length === 0) return;
  const columns = [
    dropped.map(({ from }) => from),
    dropped.map(({ actorId }) => actorId),
    dropped.map(({ verb }) => verb),
    dropped.map(({ objectType }) => objectType),
    dropped.map(({ objectId }) => objectId),
  ];
  await tx.query(CORRECT, columns);
}
