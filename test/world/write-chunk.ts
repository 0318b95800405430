import type { Source } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { copyRows } from './copy-rows.ts';
import { adds, contentOf, type EventRow, type EventRows, timeOf } from './event-rows.ts';
import { registerUsers } from './register-users.ts';
import type { UserNames } from './user-names.ts';
import type { Happening } from './world.ts';

export interface WorldEvent {
  row: EventRow;
  happening: Happening;
  /** JSON. */
  metadata: string;
}

/** Writes events of one source and the rows that its service derives from them, in the transaction of `client`. */
export async function writeChunk(
  client: ClientBase,
  source: Source,
  events: WorldEvent[],
  { rows, names, seed }: { rows: EventRows; names: UserNames; seed: number },
): Promise<void> {
  // Register users first: the data of all events contains their names.
  if (source === 'social-graph') await writeUsers(client, events, names, seed);
  const eventRows = events.map(({ row, happening, metadata }) => [
    row.eventId,
    row.stream,
    row.version,
    row.type,
    JSON.stringify(rows.dataOf(happening)),
    metadata,
    row.time,
  ]);
  await copyRows(client, 'events', ['event_id', 'stream', 'version', 'type', 'data', 'metadata', 'time'], eventRows);
  if (source === 'activity') await writeObjects(client, events, rows, names);
  else await writeFollows(client, events, rows);
}

async function writeUsers(client: ClientBase, events: WorldEvent[], names: UserNames, seed: number): Promise<void> {
  const registered = events.filter(({ row }) => row.type === 'social-graph.user-registered.v1');
  const users = registered.map(({ row, happening }) => ({ user: happening.actor, id: row.stream, time: row.time }));
  for (const { id, name } of await registerUsers(client, users, seed)) names.registered(id, name);
}

async function writeFollows(client: ClientBase, events: WorldEvent[], rows: EventRows): Promise<void> {
  // Only the last event of an edge counts; a chunk may have several.
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

async function writeObjects(
  client: ClientBase,
  events: WorldEvent[],
  rows: EventRows,
  names: UserNames,
): Promise<void> {
  const objects = events.flatMap(({ row, happening: { type, actor, object } }) =>
    object && adds(type)
      ? [[object.type, object.id, rows.idOf(actor), names.of(actor), contentOf(object.id), row.time]]
      : [],
  );
  await copyRows(client, 'objects', ['type', 'id', 'owner_id', 'owner_name', 'content', 'created_at'], objects);
  const comments = events.flatMap(({ row, happening: { type, object } }) =>
    object?.type === 'comment' && adds(type)
      ? [[object.id, object.root.type, object.root.id, object.thread, object.replyTo?.id ?? null, row.time]]
      : [],
  );
  await copyRows(client, 'comments', ['id', 'root_type', 'root_id', 'thread', 'reply_to', 'created_at'], comments);
  await writeDeletions(client, events);
  await writeLikes(client, events);
  // A trigger on events adds the shares.
  await client.query(
    DELETE_UNSHARED,
    columnsOf(events.filter(({ row }) => row.type === 'activity.object-unshared.v1')),
  );
}

async function writeDeletions(client: ClientBase, events: WorldEvent[]): Promise<void> {
  // Only the last event about an object counts; a chunk may have several.
  const last = new Map<string, WorldEvent>();
  for (const event of events) {
    const { object } = event.happening;
    if (DELETION_EVENTS.has(event.row.type)) last.set(`${object?.type}:${object?.id}`, event);
  }
  const changed = [...last.values()];
  const until = changed.map(({ happening: { restorableUntil } }) =>
    restorableUntil === undefined ? null : timeOf(restorableUntil),
  );
  const deletedAt = changed.map(({ row }, index) => until[index] && row.time);
  await client.query(MARK_DELETED, [...columnsOf(changed), deletedAt, until]);
}

async function writeLikes(client: ClientBase, events: WorldEvent[]): Promise<void> {
  const undos = events.filter(({ row }) => row.type === 'activity.object-unliked.v1');
  await client.query(DELETE_UNLIKED, columnsOf(undos));
  // Only the last event of a user about an object counts; a chunk may have several.
  const last = new Map<string, WorldEvent>();
  for (const event of events) {
    const { row, happening } = event;
    if (LIKE_EVENTS.has(row.type)) last.set(`${row.stream} ${happening.object?.type}:${happening.object?.id}`, event);
  }
  const likes = [...last.values()].flatMap(({ row, happening: { object } }) =>
    object && row.type === 'activity.object-liked.v1'
      ? [[row.stream, object.type, object.id, row.time, row.eventId, row.version]]
      : [],
  );
  await copyRows(client, 'likes', ['user_id', 'object_type', 'object_id', 'since', 'event_id', 'version'], likes);
}

const LIKE_EVENTS = new Set(['activity.object-liked.v1', 'activity.object-unliked.v1']);

const DELETION_EVENTS = new Set(['activity.object-deleted.v1', 'activity.object-restored.v1']);

/** As the command on a running system does it: a comment is marked beside its place too. */
const MARK_DELETED = `
WITH changed AS (
  SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[])
    AS c(stream, object_type, object_id, version, time, until)
), comments_too AS (
  UPDATE comments SET deleted = until IS NOT NULL FROM changed WHERE object_type = 'comment' AND id = object_id
)
UPDATE objects SET deleted_at = time, deleted_by = CASE WHEN until IS NOT NULL THEN stream END, restorable_until = until
FROM changed WHERE type = object_type AND id = object_id`;

const DELETE_UNLIKED = `
DELETE FROM likes USING unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[]) AS undo(stream, type, id, version)
WHERE user_id = stream AND object_type = type AND object_id = id`;

/** Later shares stay. */
const DELETE_UNSHARED = `
DELETE FROM shares USING unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[]) AS undo(stream, type, id, version)
WHERE user_id = stream AND object_type = type AND object_id = id AND shares.version < undo.version`;

const columnsOf = (events: WorldEvent[]) => [
  events.map(({ row }) => row.stream),
  events.map(({ happening }) => happening.object?.type),
  events.map(({ happening }) => happening.object?.id),
  events.map(({ row }) => row.version),
];
