import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type EventSource,
  fromMilliseconds,
  Marks,
  type Microseconds,
  OBJECT_TYPES,
  type ObjectType,
  SOURCES,
  type Source,
  sqlEventTime,
  VERBS,
} from '@activity-feed/contracts';
import type { PartitionPlace } from '@activity-feed/eventing';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type ActivityField, INDEXED_FIELDS, selectActivity } from '../activity/activity';
import { HIDINGS, type Hiding } from '../activity/effects';
import { IS_KNOWN, IS_KNOWN_TYPE } from '../activity/known-kinds';
import { NOTICE_VERBS, sourceOfVerb } from '../activity/notices';
import { keyOfObject } from '../activity/object-key';
import { type NewRow, NO_USER } from '../timeline-index/rows/new-row';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { BinaryCopyReader, type BinaryRow } from './binary-copy';

const POSTGRES_EPOCH = fromMilliseconds(Date.UTC(2000, 0));
const NULL = -1;

/** Verbs and object types as indexes into the contracts' lists. */
const placeIn = (column: string, words: readonly string[]) =>
  `array_position(ARRAY[${words.map((word) => `'${word}'`).join(', ')}], ${column})`;

const KINDS: Partial<Record<ActivityField, string>> = {
  verb: placeIn('verb', VERBS),
  objectType: placeIn('object_type', OBJECT_TYPES),
  rootType: placeIn('root_type', OBJECT_TYPES),
};

type Table = 'activities' | 'hidden_activities' | 'undone_activities' | 'notices';

const copyOf = (table: Table, order: 'ASC' | 'DESC', { kinds = KINDS, ended = 'false', known = IS_KNOWN } = {}) => `
COPY (
  SELECT ${selectActivity(kinds, INDEXED_FIELDS)}, ${ended}
  FROM ${table} AS stored WHERE time > $FLOOR AND ${known}
  ORDER BY stored.time ${order}, event_id ${order}
) TO STDOUT (FORMAT binary)`;

/** The follows that do not hold any more: an uncorrelated set, which is hashed once. */
const ENDED_FOLLOW = `verb = 'follow' AND ((time, event_id) IN (
  SELECT time, event_id FROM (
    SELECT time, event_id, actor_id, target_id, lead(time) OVER (PARTITION BY actor_id, target_id ORDER BY time) AS next
    FROM activities WHERE verb = 'follow' AND time > $FLOOR) AS follow
  LEFT JOIN follows AS edge ON edge.follower_id = follow.actor_id AND edge.followee_id = follow.target_id
  WHERE next IS NOT NULL OR edge.following IS NOT TRUE)) IS TRUE`;

interface Copied {
  sql: string;
  verbs: readonly NewRow['verb'][];
  undone?: boolean;
}

/** In this order; see {@link loadActivities}. */
const COPIED: readonly Copied[] = [
  // Relies on the index activities_in_order, scanned backwards.
  { sql: copyOf('activities', 'ASC', { ended: ENDED_FOLLOW }), verbs: VERBS },
  // Relies on their primary keys.
  { sql: copyOf('hidden_activities', 'DESC'), verbs: VERBS },
  { sql: copyOf('undone_activities', 'DESC'), verbs: VERBS, undone: true },
  {
    sql: copyOf('notices', 'DESC', {
      kinds: { ...KINDS, verb: placeIn('verb', NOTICE_VERBS), targetId: 'user_id' },
      ended: 'undone',
      known: `${placeIn('verb', NOTICE_VERBS)} IS NOT NULL AND ${IS_KNOWN_TYPE}`,
    }),
    verbs: NOTICE_VERBS,
  },
];

const {
  time: TIME,
  eventId: EVENT_ID,
  actorId: ACTOR,
  verb: VERB,
  objectType: OBJECT_TYPE,
  objectId: OBJECT_ID,
  targetId: TARGET,
  commentId: COMMENT_ID,
  rootType: ROOT_TYPE,
  rootId: ROOT_ID,
  rootOwnerId: ROOT_OWNER,
  logPartition: LOG_PARTITION,
  logOffset: LOG_OFFSET,
} = placesOf(INDEXED_FIELDS);
/** After the fields. */
const ENDED = INDEXED_FIELDS.length;
const DELETED = `
COPY (SELECT ${placeIn('object_type', OBJECT_TYPES)}, object_id FROM object_states WHERE deleted AND ${IS_KNOWN_TYPE}) TO STDOUT (FORMAT binary)`;
const VERSIONS = `
COPY (SELECT ${placeIn('source', SOURCES)}, stream, version FROM applied_versions) TO STDOUT (FORMAT binary)`;
const USERS = 'COPY (SELECT id, name FROM users) TO STDOUT (FORMAT binary)';
const HIDDEN_USERS = `
SELECT user_id AS "userId", other_id AS "otherId", kind,
       CASE WHEN isfinite(until) THEN ${sqlEventTime('until')} END AS until
FROM hidden_users WHERE kind = ANY ($1) AND until > now() - interval '1 day'`;

const MARKS = 'COPY (SELECT user_id, marks::text FROM notification_marks) TO STDOUT (FORMAT binary)';

const CLOSED_ACCOUNTS = 'COPY (SELECT user_id, private, suspended FROM closed_accounts) TO STDOUT (FORMAT binary)';

export type NextOffsets = (place: PartitionPlace) => bigint;

/** The next offsets of all partitions, in the snapshot of `client`'s transaction. */
export async function readOffsets(client: ClientBase): Promise<NextOffsets> {
  const { rows } = await client.query<{ topic: string; partition: number; next: string }>(
    'SELECT topic, partition, next_offset::text AS next FROM projection_offsets',
  );
  const offsets = new Map(rows.map(({ topic, partition, next }) => [`${topic}/${partition}`, BigInt(next)]));
  return ({ topic, partition }) => offsets.get(`${topic}/${partition}`) ?? 0n;
}

/** Loads which objects are deleted. Rows that are added later are then hidden, wherever the database has them. */
export async function loadDeletedObjects(client: ClientBase, index: TimelineIndex): Promise<void> {
  await copy(client, DELETED, 2, ({ chunk, starts: [type = 0, id = 0] }) => {
    index.objects.load(keyOfObject({ type: typeAt(chunk, type), id: integer8(chunk, id) }));
  });
}

/**
 * Fills `index` with the activities after `floor`, oldest first, and then with those about deleted objects, those taken back
 * and the notices, newest first: beyond the budget each evicts an older one, until only what has been evicted is left.
 */
export async function loadActivities(
  client: ClientBase,
  index: TimelineIndex,
  floor: Microseconds,
  onLoaded: () => void,
): Promise<void> {
  const after = Number.isFinite(floor) ? `to_timestamp(0) + ${floor} * interval '1 microsecond'` : `'-infinity'`;
  for (const { sql, ...copied } of COPIED) {
    await copyActivities(client, { ...copied, sql: sql.replaceAll('$FLOOR', after) }, index, onLoaded);
  }
}

async function copyActivities(
  client: ClientBase,
  { sql, verbs, undone = false }: Copied,
  index: TimelineIndex,
  onLoaded: () => void,
): Promise<void> {
  const { users } = index;
  const sources = verbs.map(sourceOfVerb);
  // Reused for all rows: garbage of millions of objects would leave the heap larger than the rows.
  const row = { id: [0, 0, 0, 0] } as Mutable<NewRow> & { id: [number, number, number, number] };
  row.undone = undone;
  await copy(client, sql, INDEXED_FIELDS.length + 1, ({ chunk, starts, lengths }) => {
    const at = (column: number) => starts[column] as number;
    row.time = (integer8(chunk, at(TIME)) + POSTGRES_EPOCH) as Microseconds;
    for (let word = 0; word < 4; word++) row.id[word] = chunk.readUInt32BE(at(EVENT_ID) + 4 * word);
    row.actor = users.number(chunk.readInt32BE(at(ACTOR)));
    const verb = chunk.readInt32BE(at(VERB)) - 1;
    row.verb = verbs[verb] as NewRow['verb'];
    row.objectType = lengths[OBJECT_TYPE] === NULL ? null : typeAt(chunk, at(OBJECT_TYPE));
    row.objectId = lengths[OBJECT_ID] === NULL ? null : integer8(chunk, at(OBJECT_ID));
    row.target = lengths[TARGET] === NULL ? NO_USER : users.number(chunk.readInt32BE(at(TARGET)));
    row.commentId = lengths[COMMENT_ID] === NULL ? null : integer8(chunk, at(COMMENT_ID));
    row.root =
      lengths[ROOT_TYPE] === NULL
        ? undefined
        : keyOfObject({ type: typeAt(chunk, at(ROOT_TYPE)), id: integer8(chunk, at(ROOT_ID)) });
    row.rootOwner = lengths[ROOT_OWNER] === NULL ? undefined : users.number(chunk.readInt32BE(at(ROOT_OWNER)));
    row.place =
      lengths[LOG_OFFSET] === NULL
        ? undefined
        : {
            source: sources[verb] as EventSource,
            partition: chunk.readInt32BE(at(LOG_PARTITION)),
            offset: integer8(chunk, at(LOG_OFFSET)),
          };
    row.ended = chunk[at(ENDED)] === 1;
    index.addRow(row);
    onLoaded();
  });
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What users have seen and read of their notifications. */
export async function loadMarks(client: ClientBase, index: TimelineIndex): Promise<void> {
  await copy(client, MARKS, 2, ({ chunk, starts: [user, marks = 0], lengths: [, length = 0] }) => {
    const json = JSON.parse(chunk.toString('utf8', marks, marks + length));
    index.notifications.setMarks(index.users.number(chunk.readInt32BE(user)), Marks.parse(json));
  });
}

/** Who is hidden from whom. */
export async function loadHiddenUsers(client: ClientBase, index: TimelineIndex): Promise<void> {
  const { rows } = await client.query<Omit<Hiding, 'holds'>>(HIDDEN_USERS, [HIDINGS]);
  for (const hiding of rows) index.viewers.change({ ...hiding, holds: true });
}

/** Which accounts are private or suspended. */
export async function loadClosedAccounts(client: ClientBase, index: TimelineIndex): Promise<void> {
  await copy(client, CLOSED_ACCOUNTS, 3, ({ chunk, starts: [user, isPrivate = 0, isSuspended = 0] }) => {
    const account = { private: chunk[isPrivate] === 1, suspended: chunk[isSuspended] === 1 };
    index.viewers.loadAccount(index.users.number(chunk.readInt32BE(user)), account);
  });
}

export async function loadUsers(client: ClientBase, index: TimelineIndex): Promise<void> {
  await copy(client, VERSIONS, 3, ({ chunk, starts: [source, stream, version] }) => {
    const name = SOURCES[chunk.readInt32BE(source) - 1] as Source;
    index.setVersion(name, chunk.readInt32BE(stream), integer8(chunk, version as number));
  });
  await copy(client, USERS, 2, ({ chunk, starts: [id, name = 0], lengths: [, length = 0] }) => {
    index.addUser(chunk.readInt32BE(id), chunk.toString('utf8', name, name + length));
  });
}

async function copy(client: ClientBase, sql: string, columns: number, each: (row: BinaryRow) => void): Promise<void> {
  const reader = new BinaryCopyReader(columns);
  const sink = new Writable({
    write(bytes, _encoding, done) {
      reader.read(bytes, each);
      done();
    },
  });
  await pipeline(client.query(copyTo(sql)), sink);
}

function placesOf<Field extends string>(fields: readonly Field[]): Record<Field, number> {
  return Object.fromEntries(fields.map((field, place) => [field, place])) as Record<Field, number>;
}

const typeAt = (chunk: Buffer, at: number) => OBJECT_TYPES[chunk.readInt32BE(at) - 1] as ObjectType;

/** Exact up to 2^53. */
const integer8 = (chunk: Buffer, at: number) => chunk.readInt32BE(at) * 2 ** 32 + chunk.readUInt32BE(at + 4);
