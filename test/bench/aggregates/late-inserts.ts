import { randomUUID } from 'node:crypto';
import { type EventId, fromMicroseconds, fromMilliseconds, type UserId } from '@activity-feed/contracts';
import type { Client } from 'pg';
import type { Activity } from '../../../services/feed/dist/activity/activity.js';
import { insertActivities } from '../../../services/feed/dist/project-activities/write-effects.js';
import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import type { Figure } from '../benchmark.ts';
import type { BenchContext } from '../context.ts';
import { alternately } from '../measure/alternately.ts';

const DAY = 86_400_000;
/** Batch sizes up to the projector's maximum, and how often each is measured per round. */
const BATCHES = [
  { rows: 1, times: 20 },
  { rows: 5_000, times: 3 },
];

const CHUNK = `
SELECT format('%I.%I', chunk_schema, chunk_name) AS chunk FROM timescaledb_information.chunks
WHERE hypertable_name = 'activities' AND range_start <= $1 AND range_end > $1`;

/** The start of the day `days` days ago, in milliseconds since 1970. */
export const dayBefore = (days: number): number => Date.now() - (Date.now() % DAY) - days * DAY;

/**
 * The time of the projector's INSERT in milliseconds for a day whose chunk is compressed, with an uncompressed chunk as
 * the reference. Each measurement starts with a fully compressed chunk.
 */
export async function lateInserts({ sizes: { rounds } }: BenchContext, feed: Client, days: number): Promise<Figure[]> {
  const [compressed, plain] = [dayBefore(Math.ceil(days / 2)), dayBefore(Math.ceil(days / 2) + 1)];
  const { rows: chunks } = await feed.query(CHUNK, [new Date(compressed)]);
  const figures: Figure[] = [];
  for (const { rows, times } of BATCHES) {
    const { reference, ours } = await alternately(
      rounds,
      () => p50(times, () => insertTime(feed, plain, rows)),
      async () => {
        if (rows === 1) await compress(feed, chunks[0].chunk);
        return p50(times, async () => {
          if (rows > 1) await compress(feed, chunks[0].chunk);
          return insertTime(feed, compressed, rows);
        });
      },
    );
    const name = `late insert of ${rows.toLocaleString('en')}, compressed chunk`;
    figures.push({ name, unit: 'ms', ours, reference });
  }
  return figures;
}

async function compress(feed: Client, chunk: string): Promise<void> {
  await feed.query('SELECT compress_chunk($1::regclass)', [chunk]);
}

async function p50(times: number, measure: () => Promise<number>): Promise<number> {
  const measured: number[] = [];
  for (let time = 0; time < times; time++) measured.push(await measure());
  return percentileOf(sorted(measured), 50);
}

/** Milliseconds for inserting `count` posts at random times of a day. */
async function insertTime(feed: Client, day: number, count: number): Promise<number> {
  const activities = Array.from(
    { length: count },
    (): Activity => ({
      time: fromMicroseconds(fromMilliseconds(day + Math.floor(Math.random() * DAY))),
      eventId: randomUUID() as EventId,
      actorId: 1 as UserId,
      verb: 'post',
      objectType: 'post',
      objectId: 1,
      targetId: null,
    }),
  );
  const startedAt = performance.now();
  await insertActivities(feed, activities);
  return performance.now() - startedAt;
}
