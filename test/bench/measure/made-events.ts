import type { EventId, EventTime, StoredEvent, UserId } from '@activity-feed/contracts';
import type { Client } from 'pg';
import { v7 } from 'uuid';
import { copyRows } from '../../world/copy-rows.ts';

const STREAMS = 1_000;

/** `count` posts by a thousand users. Each round has its own users. */
export function madeEvents(count: number, round: number): StoredEvent<'activity.object-posted.v1'>[] {
  const firstId = 1_000_000 * (round + 1);
  return Array.from({ length: count }, (_, index) => {
    const stream = (firstId + (index % STREAMS)) as UserId;
    const object = {
      type: 'post',
      id: firstId + index,
      content: `What I wanted to say for the ${index}th time`,
    } as const;
    return {
      id: v7() as EventId,
      type: 'activity.object-posted.v1',
      stream,
      version: Math.floor(index / STREAMS) + 1,
      time: new Date().toISOString().replace('Z', '000+00:00') as EventTime,
      data: { actor: { id: stream, name: `user_${stream}` }, object },
    };
  });
}

/** Inserts events in one transaction. */
export async function writeEvents(client: Client, events: readonly StoredEvent[]): Promise<void> {
  const rows = events.map(({ id, stream, version, type, data, time }) => [
    id,
    stream,
    version,
    type,
    JSON.stringify(data),
    time,
  ]);
  await copyRows(client, 'events', ['event_id', 'stream', 'version', 'type', 'data', 'time'], rows);
}

/** How many events the relay of `client`'s database has still to send. */
export async function unsent(client: Client): Promise<number> {
  const { rows } = await client.query(
    `SELECT (coalesce((SELECT max(position) FROM events), 0)
           - coalesce((SELECT max(position) FROM relay_cursor), 0))::float8 AS unsent`,
  );
  return rows[0].unsent;
}
