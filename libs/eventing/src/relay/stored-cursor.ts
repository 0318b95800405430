import type { ClientBase } from 'pg';

/** Milliseconds after a send until the cursor is stored, together with that of later sends. */
const STORE_INTERVAL = 100;

const STORE = `
INSERT INTO relay_cursor (topic, transaction_id, position, partitions) VALUES ($1, $2::xid8, $3::bigint, $4)
ON CONFLICT (topic) DO UPDATE SET
  transaction_id = excluded.transaction_id, position = excluded.position, partitions = excluded.partitions`;

/** The last event that was sent. Text, since both are 64-bit numbers. */
export interface RelayCursor {
  transactionId: string;
  position: string;
}

/**
 * The place of a relay in its table. What was sent since the cursor was stored is sent again after a crash; consumers detect
 * duplicates by stream and version.
 */
export class StoredCursor {
  /** When it is to be stored, by `performance.now()`; infinity if it is. */
  dueAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly client: ClientBase,
    private readonly topic: string,
    private readonly partitions: number,
    private cursor: RelayCursor,
  ) {}

  /** The last event that was sent. */
  get sent(): RelayCursor {
    return this.cursor;
  }

  moveTo(cursor: RelayCursor): void {
    this.cursor = cursor;
    this.dueAt = Math.min(this.dueAt, performance.now() + STORE_INTERVAL);
  }

  async storeIfDue(): Promise<void> {
    if (performance.now() >= this.dueAt) await this.store();
  }

  async store(): Promise<void> {
    if (this.dueAt === Number.POSITIVE_INFINITY) return;
    this.dueAt = Number.POSITIVE_INFINITY;
    await storeCursor(this.client, this.topic, this.cursor, this.partitions);
  }
}

/** The stored cursor of `topic`; the start of the log if none is stored. */
export async function loadCursor(client: Pick<ClientBase, 'query'>, topic: string): Promise<RelayCursor> {
  const { rows } = await client.query<RelayCursor>(
    'SELECT transaction_id::text AS "transactionId", position::text AS position FROM relay_cursor WHERE topic = $1',
    [topic],
  );
  return rows[0] ?? { transactionId: '0', position: '0' };
}

/** The number of partitions of `topic` when events were last sent to it; undefined if not recorded. */
export async function loadPartitions(client: ClientBase, topic: string): Promise<number | undefined> {
  const { rows } = await client.query<{ partitions: number | null }>(
    'SELECT partitions FROM relay_cursor WHERE topic = $1',
    [topic],
  );
  return rows[0]?.partitions ?? undefined;
}

async function storeCursor(client: ClientBase, topic: string, cursor: RelayCursor, partitions: number): Promise<void> {
  await client.query({ name: 'store-relay-cursor', text: STORE }, [
    topic,
    cursor.transactionId,
    cursor.position,
    partitions,
  ]);
}
