import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  fromMilliseconds,
  type Microseconds,
  OBJECT_TYPES,
  type ObjectType,
  SOURCES,
  type Source,
  sqlEventTime,
  VERBS,
  type Verb,
} from '@activity-feed/contracts';
import type { PartitionPlace } from '@activity-feed/eventing';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { INDEXED_FIELDS, selectActivity } from '../activity/activity';
import { HIDINGS, type Hiding } from '../activity/effects';
import { IS_KNOWN, IS_KNOWN_TYPE } from '../activity/known-kinds';
import { keyOfObject } from '../activity/object-key';
import { type NewRow, NO_USER } from '../timeline-index/rows/new-row';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { BinaryCopyReader, type BinaryRow } from './binary-copy';

const POSTGRES_EPOCH = fromMilliseconds(Date.UTC(2000, 0));
const NULL = -1;

/** Verbs and object types as indexes into the contracts' lists. */
const placeIn = (column: string, words: readonly string[]) =>
  `array_position(ARRAY[${words.map((word) => `'${word}'`).join(', ')}], ${column})`;

const KINDS = {
  verb: placeIn('verb', VERBS),
  objectType: placeIn('object_type', OBJECT_TYPES),
  rootType: placeIn('root_type', OBJECT_TYPES),
};

const copyOf = (table: 'activities' | 'hidden_activities', order: 'ASC' | 'DESC') => `
COPY (
  SELECT ${selectActivity(KINDS, INDEXED_FIELDS)}
  FROM ${table} AS stored WHERE time > $FLOOR AND ${IS_KNOWN}
  ORDER BY stored.time ${order}, event_id ${order}
) TO STDOUT (FORMAT binary)`;
/** Relies on the index activities_in_order, scanned backwards. */
const VISIBLE = copyOf('activities', 'ASC');
/** Relies on the primary key of hidden_activities, scanned backwards. */
const HIDDEN = copyOf('hidden_activities', 'DESC');
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
} = placesOf(INDEXED_FIELDS);
const DELETED = `
COPY (SELECT ${KINDS.objectType}, object_id FROM object_states WHERE deleted AND ${IS_KNOWN_TYPE}) TO STDOUT (FORMAT binary)`;
const VERSIONS = `
COPY (SELECT ${placeIn('source', SOURCES)}, stream, version FROM applied_versions) TO STDOUT (FORMAT binary)`;
const USERS = 'COPY (SELECT id, name FROM users) TO STDOUT (FORMAT binary)';
const HIDDEN_USERS = `
SELECT user_id AS "userId", other_id AS "otherId", kind,
       CASE WHEN isfinite(until) THEN ${sqlEventTime('until')} END AS until
FROM hidden_users WHERE kind = ANY ($1) AND until > now()`;

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
 * Fills `index` with the activities after `floor`, oldest first, and then with those about deleted objects, newest first:
 * beyond the budget each evicts an older one, until only what has been evicted is left.
 */
export async function loadActivities(
  client: ClientBase,
  index: TimelineIndex,
  floor: Microseconds,
  onLoaded: () => void,
): Promise<void> {
  const after = Number.isFinite(floor) ? `to_timestamp(0) + ${floor} * interval '1 microsecond'` : `'-infinity'`;
  for (const sql of [VISIBLE, HIDDEN]) {
    await copyActivities(client, sql.replace('$FLOOR', after), index, onLoaded);
  }
}

async function copyActivities(
  client: ClientBase,
  sql: string,
  index: TimelineIndex,
  onLoaded: () => void,
): Promise<void> {
  const { users } = index;
  // Reused for all rows: garbage of millions of objects would leave the heap larger than the rows.
  const row = { id: [0, 0, 0, 0] } as Mutable<NewRow> & { id: [number, number, number, number] };
  await copy(client, sql, INDEXED_FIELDS.length, ({ chunk, starts, lengths }) => {
    const at = (column: number) => starts[column] as number;
    row.time = (integer8(chunk, at(TIME)) + POSTGRES_EPOCH) as Microseconds;
    for (let word = 0; word < 4; word++) row.id[word] = chunk.readUInt32BE(at(EVENT_ID) + 4 * word);
    row.actor = users.number(chunk.readInt32BE(at(ACTOR)));
    row.verb = VERBS[chunk.readInt32BE(at(VERB)) - 1] as Verb;
    row.objectType = lengths[OBJECT_TYPE] === NULL ? null : typeAt(chunk, at(OBJECT_TYPE));
    row.objectId = lengths[OBJECT_ID] === NULL ? null : integer8(chunk, at(OBJECT_ID));
    row.target = lengths[TARGET] === NULL ? NO_USER : users.number(chunk.readInt32BE(at(TARGET)));
    row.commentId = lengths[COMMENT_ID] === NULL ? null : integer8(chunk, at(COMMENT_ID));
    row.root =
      lengths[ROOT_TYPE] === NULL
        ? undefined
        : keyOfObject({ type: typeAt(chunk, at(ROOT_TYPE)), id: integer8(chunk, at(ROOT_ID)) });
    row.rootOwner = lengths[ROOT_OWNER] === NULL ? undefined : users.number(chunk.readInt32BE(at(ROOT_OWNER)));
    index.addRow(row);
    onLoaded();
  });
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

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
