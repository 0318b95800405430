import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  fromMilliseconds,
  type Microseconds,
  OBJECT_TYPES,
  type ObjectType,
  SOURCES,
  type Source,
  VERBS,
  type Verb,
} from '@activity-feed/contracts';
import type { PartitionPlace } from '@activity-feed/eventing';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { INDEXED_FIELDS, selectActivity } from '../activity/activity';
import { IS_KNOWN } from '../activity/known-kinds';
import { keyOfObject } from '../activity/object-key';
import { type NewRow, NO_USER } from '../timeline-index/rows/activity-rows';
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

/** Relies on the index activities_in_order, scanned backwards. */
const ACTIVITIES = `
COPY (
  SELECT ${selectActivity(KINDS, INDEXED_FIELDS)}
  FROM activities WHERE time > $FLOOR AND ${IS_KNOWN}
  ORDER BY activities.time, event_id
) TO STDOUT (FORMAT binary)`;
const [TIME, EVENT_ID, ACTOR, VERB, OBJECT_TYPE, OBJECT_ID, TARGET, COMMENT_ID, ROOT_TYPE, ROOT_ID] = placesOf(
  'time',
  'eventId',
  'actorId',
  'verb',
  'objectType',
  'objectId',
  'targetId',
  'commentId',
  'rootType',
  'rootId',
);
const VERSIONS = `
COPY (SELECT ${placeIn('source', SOURCES)}, stream, version FROM applied_versions) TO STDOUT (FORMAT binary)`;
const USERS = 'COPY (SELECT id, name FROM users) TO STDOUT (FORMAT binary)';

export type NextOffsets = (place: PartitionPlace) => bigint;

/** The next offsets of all partitions, in the snapshot of `client`'s transaction. */
export async function readOffsets(client: ClientBase): Promise<NextOffsets> {
  const { rows } = await client.query<{ topic: string; partition: number; next: string }>(
    'SELECT topic, partition, next_offset::text AS next FROM projection_offsets',
  );
  const offsets = new Map(rows.map(({ topic, partition, next }) => [`${topic}/${partition}`, BigInt(next)]));
  return ({ topic, partition }) => offsets.get(`${topic}/${partition}`) ?? 0n;
}

/** Fills `index` with the activities after `floor`, oldest first. */
export async function loadActivities(
  client: ClientBase,
  index: TimelineIndex,
  floor: Microseconds,
  onLoaded: () => void,
): Promise<void> {
  const { users } = index;
  const after = Number.isFinite(floor) ? `to_timestamp(0) + ${floor} * interval '1 microsecond'` : `'-infinity'`;
  // Reused for all rows: garbage of millions of objects would leave the heap larger than the rows.
  const row = { id: [0, 0, 0, 0] } as Mutable<NewRow> & { id: [number, number, number, number] };
  await copy(client, ACTIVITIES.replace('$FLOOR', after), INDEXED_FIELDS.length, ({ chunk, starts, lengths }) => {
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
    index.addRow(row);
    onLoaded();
  });
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

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

function placesOf<Fields extends (typeof INDEXED_FIELDS)[number][]>(...fields: Fields) {
  return fields.map((field) => INDEXED_FIELDS.indexOf(field)) as { [Place in keyof Fields]: number };
}

const typeAt = (chunk: Buffer, at: number) => OBJECT_TYPES[chunk.readInt32BE(at) - 1] as ObjectType;

/** Exact up to 2^53. */
const integer8 = (chunk: Buffer, at: number) => chunk.readInt32BE(at) * 2 ** 32 + chunk.readUInt32BE(at + 4);
