import { advisoryLock, type EventId, type EventTime, type Milliseconds, sqlEventTime } from '@activity-feed/contracts';
import { inTransactionOf } from '@activity-feed/eventing';
import type { ClientBase } from 'pg';
import { ACTIVITY_COLUMNS, ACTIVITY_FIELDS, selectActivity } from '../activity/activity';
import { isDeleted } from '../activity/moved-sql';
import { isAbout } from '../activity/objects-of';
import { type BucketedActivity, hasRoomForNotes, noteLateActivities } from '../project-activities/late-activities';
import { liftDecompressionLimit } from '../project-activities/take-back';
import { prepareIndexes } from './prepare-indexes';

/** Activities per transaction: few enough that their groups and objects are noted, and that it holds its lock briefly. */
const BATCH = 1_000;

/** Objects per turn: few enough that what waits for the end of a turn does not wait long. */
const OBJECTS = 20;

const COLUMNS = ACTIVITY_FIELDS.map((field) => ACTIVITY_COLUMNS[field][0]).join(', ');

/**
 * Transactions that have begun, and the first of them that has not ended, beside each object. Relies on the index
 * object_states_to_move.
 */
const TO_MOVE = {
  name: 'find-objects-to-move',
  text: `
SELECT object_type AS type, object_id::text AS id, deleted, version::text AS version, created_at AS "createdAt",
       pg_snapshot_xmax(pg_current_snapshot())::text AS begun, pg_snapshot_xmin(pg_current_snapshot())::text AS ended
FROM object_states WHERE NOT moved AND (object_type, object_id) > ($1, $2::bigint)
ORDER BY object_type, object_id LIMIT ${OBJECTS}`,
};

/** A place before all objects. */
const BEGINNING: Pick<ChangedObject, 'type' | 'id'> = { type: '', id: '0' };

/** An object whose activities are to be moved. */
interface ChangedObject {
  type: string;
  id: string;
  deleted: boolean;
  version: string;
  /** Null if it was deleted by an event without it. */
  createdAt: Date | null;
  begun: string;
  ended: string;
}

const MOVED = `
UPDATE object_states SET moved = true WHERE object_type = $1 AND object_id = $2 AND version = $3`;

/**
 * The chunks that may have activities of an object created at $1. The clocks of those who did them may have differed, by
 * a day at most.
 */
const CHUNKS = `
SELECT range_start AS start, range_end AS end, is_compressed AS compressed FROM timescaledb_information.chunks
WHERE hypertable_name = 'activities' AND hypertable_schema = current_schema
  AND range_end > coalesce($1::timestamptz, '-infinity') - interval '1 day' ORDER BY range_start DESC`;

/** By time, which excludes the other chunks. Relies on the indexes of prepareIndexes. */
const FIND = `
SELECT ${sqlEventTime('time')} AS time, event_id AS id FROM activities
WHERE time >= $3 AND time < $4 AND ${isAbout('$1', '$2')} LIMIT $5`;

const toHidden = (condition: string) => `
WITH moved AS (DELETE FROM activities ${condition} RETURNING ${COLUMNS})
INSERT INTO hidden_activities (${COLUMNS}) SELECT * FROM moved RETURNING ${selectActivity({ time: sqlEventTime('time') })}`;

const HIDE = toHidden(`
USING unnest($1::timestamptz[], $2::uuid[]) AS found (at, id)
WHERE time = at AND event_id = found.id AND time >= $3::timestamptz AND time < $4::timestamptz`);

/** By constants alone: see the DELETE of take-back.ts. */
const HIDE_COMPRESSED = toHidden('WHERE time = $1::timestamptz AND event_id = $2::uuid');

/** Whether no object of a hidden activity is deleted. IS NOT TRUE prevents a join with all deleted objects. */
const IS_VISIBLE = [
  isDeleted('hidden.object_type', 'hidden.object_id'),
  isDeleted('hidden.root_type', 'hidden.root_id'),
  isDeleted("'comment'", 'hidden.comment_id'),
]
  .map((condition) => `(${condition}) IS NOT TRUE`)
  .join(' AND ');

/**
 * A cursor that outlives its transaction. A new search for each batch would find again all rows that stay hidden because
 * another object is deleted.
 */
const FIND_HIDDEN = `
DECLARE found_hidden NO SCROLL CURSOR WITH HOLD FOR
SELECT ${sqlEventTime('time')} AS time, event_id AS id FROM hidden_activities AS hidden
WHERE ${isAbout('$1', '$2')} AND ${IS_VISIBLE}`;

/** Leaves out activities about an object that was deleted meanwhile. */
const SHOW = `
WITH moved AS (
  DELETE FROM hidden_activities AS hidden USING unnest($1::timestamptz[], $2::uuid[]) AS found (at, id)
  WHERE time = at AND event_id = found.id AND ${IS_VISIBLE}
  RETURNING ${COLUMNS})
INSERT INTO activities (${COLUMNS}) SELECT * FROM moved RETURNING ${selectActivity({ time: sqlEventTime('time') })}`;

/** Against undos, which look into one table after the other. */
const LOCK = `SELECT pg_advisory_xact_lock(${advisoryLock('moveActivities')})`;

interface Chunk {
  start: Date;
  end: Date;
  compressed: boolean;
}

type Found = { time: EventTime; id: EventId };

/** An object's version, and the transactions that may not have seen it. */
interface Begun {
  version: string;
  until: bigint;
}

/** Moves the activities of deleted objects out of `activities`, and those of restored ones back. */
export class MoveActivities {
  /** By object, for those that are to be moved. */
  private readonly begun = new Map<string, Begun>();
  /** The last object of the previous turn, if others follow. */
  private last = BEGINNING;

  constructor(
    private readonly client: ClientBase,
    private readonly now: () => Milliseconds,
    private readonly batch = BATCH,
  ) {}

  /** Takes the next objects. Whether nothing is left to move. */
  async turn(): Promise<boolean> {
    const { rows } = await this.client.query<ChangedObject>(TO_MOVE, [this.last.type, this.last.id]);
    let done = this.last === BEGINNING && rows.length < OBJECTS;
    this.last = (rows.length === OBJECTS && rows.at(-1)) || BEGINNING;
    if (rows.length > 0) await prepareIndexes(this.client);
    for (const changed of rows) done = (await this.move(changed)) && done;
    return done;
  }

  private async move(changed: ChangedObject): Promise<boolean> {
    const { type, id, deleted, version, begun, ended } = changed;
    const name = `${type}:${id}`;
    const known = this.begun.get(name);
    const { until } = known?.version === version ? known : { until: BigInt(begun) };
    this.begun.set(name, { version, until });
    if (!(await (deleted ? this.hide(changed) : this.show(changed)))) return false;
    // A transaction that began before the change may still write an activity to the wrong table.
    if (BigInt(ended) < until) return false;
    await this.client.query(MOVED, [type, id, version]);
    this.begun.delete(name);
    return true;
  }

  /** Whether all its activities are hidden. */
  private async hide({ type, id, createdAt }: ChangedObject): Promise<boolean> {
    const { rows: chunks } = await this.client.query<Chunk>(CHUNKS, [createdAt]);
    for (const chunk of chunks) {
      for (;;) {
        const { rows } = await this.client.query<Found>(FIND, [type, id, chunk.start, chunk.end, this.batch]);
        if (rows.length === 0) break;
        const hidden = await this.inBatch(() => this.hideEach(rows, chunk));
        // If the chunk was compressed meanwhile, the statement for an uncompressed one has left some: looked for again.
        if (hidden === undefined || hidden < rows.length) return false;
        if (rows.length < this.batch) break;
      }
    }
    return true;
  }

  private async hideEach(found: readonly Found[], { start, end, compressed }: Chunk): Promise<BucketedActivity[]> {
    if (!compressed) {
      const values = [found.map(({ time }) => time), found.map(({ id }) => id), start, end];
      return (await this.client.query<BucketedActivity>(HIDE, values)).rows;
    }
    await liftDecompressionLimit(this.client);
    const hidden: BucketedActivity[] = [];
    for (const { time, id } of found) {
      hidden.push(...(await this.client.query<BucketedActivity>(HIDE_COMPRESSED, [time, id])).rows);
    }
    return hidden;
  }

  /** Whether all its activities are shown. */
  private async show({ type, id }: ChangedObject): Promise<boolean> {
    await this.client.query(FIND_HIDDEN, [type, id]);
    try {
      for (;;) {
        const { rows } = await this.client.query<Found>(`FETCH ${this.batch} FROM found_hidden`);
        if (rows.length === 0) return true;
        const values = [rows.map(({ time }) => time), rows.map(({ id }) => id)];
        const shown = await this.inBatch(async () => (await this.client.query<BucketedActivity>(SHOW, values)).rows);
        if (shown === undefined) return false;
      }
    } finally {
      await this.client.query('CLOSE found_hidden');
    }
  }

  /**
   * Moves some activities and notes their closed buckets, in one transaction. Returns their number; undefined if there are
   * too many notes: until some are deleted, the object counts as not moved, so that reads go by its state.
   */
  private async inBatch(move: () => Promise<BucketedActivity[]>): Promise<number | undefined> {
    if (!(await hasRoomForNotes(this.client))) return undefined;
    return inTransactionOf(this.client, async () => {
      await this.client.query(LOCK);
      const moved = await move();
      await noteLateActivities(this.client, moved, this.now());
      return moved.length;
    });
  }
}
