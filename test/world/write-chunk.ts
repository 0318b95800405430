import type { Source } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { copyRows } from './copy-rows.ts';
import { contentOf, type EventRow, type EventRows, keyHashOf } from './event-rows.ts';
import { nameOf } from './names.ts';
import type { WorldPlan } from './plan.ts';
import type { Happening } from './world.ts';

export interface WorldEvent {
  row: EventRow;
  happening: Happening;
  /** JSON. */
  metadata: string;
}

/** Writes events of one source and what its service would have made of them, in the transaction of `client`. */
export async function writeChunk(
  client: ClientBase,
  source: Source,
  events: WorldEvent[],
  plan: WorldPlan,
  rows: EventRows,
): Promise<void> {
  const eventRows = events.map(({ row, metadata }) => [
    row.eventId,
    row.stream,
    row.version,
    row.type,
    row.data,
    metadata,
    row.time,
  ]);
  await copyRows(client, 'events', ['event_id', 'stream', 'version', 'type', 'data', 'metadata', 'time'], eventRows);
  if (source === 'activity') await writeObjects(client, events, rows);
  else await writeUsers(client, events, plan, rows);
}

async function writeUsers(client: ClientBase, events: WorldEvent[], plan: WorldPlan, rows: EventRows): Promise<void> {
  const registered = events.filter(({ row }) => row.type === 'social-graph.user-registered.v1');
  const users = registered.map(({ row, happening }) => [row.stream, nameOf(happening.actor), row.time, row.time]);
  const keys = registered.map(({ row, happening }) => [keyHashOf(plan.seed, happening.actor), row.stream, row.time]);
  await copyRows(client, 'users', ['id', 'name', 'created_at', 'updated_at'], users);
  await copyRows(client, 'keys', ['key_hash', 'user_id', 'created_at'], keys);

  // What counts is how an edge ends: it may come and go several times in one chunk.
  const edges = new Map<string, WorldEvent>();
  for (const event of events) {
    if (event.happening.target !== undefined) edges.set(`${event.happening.actor}>${event.happening.target}`, event);
  }
  const ended = events.filter(({ row }) => row.type === 'social-graph.user-unfollowed.v1');
  await client.query(
    'DELETE FROM follows USING unnest($1::int[], $2::int[]) AS e(a, b) WHERE follower_id = a AND followee_id = b',
    [ended.map(({ row }) => row.stream), ended.map(({ happening }) => rows.idOf(happening.target as number))],
  );
  const begun = [...edges.values()].filter(({ row }) => row.type === 'social-graph.user-followed.v1');
  const follows = begun.map(({ row, happening }) => [row.stream, rows.idOf(happening.target as number), row.time]);
  await copyRows(client, 'follows', ['follower_id', 'followee_id', 'since'], follows);
}

async function writeObjects(client: ClientBase, events: WorldEvent[], rows: EventRows): Promise<void> {
  const objects = events.flatMap(({ row, happening: { actor, object, target } }) =>
    object && target === undefined
      ? [[object.type, object.id, rows.idOf(actor), nameOf(actor), contentOf(object.id), row.time]]
      : [],
  );
  await copyRows(client, 'objects', ['type', 'id', 'owner_id', 'owner_name', 'content', 'created_at'], objects);
  const likes = events.flatMap(({ row, happening: { object } }) =>
    object && row.type === 'activity.object-liked.v1' ? [[row.stream, object.type, object.id, row.time]] : [],
  );
  await copyRows(client, 'likes', ['user_id', 'object_type', 'object_id', 'since'], likes);
}
