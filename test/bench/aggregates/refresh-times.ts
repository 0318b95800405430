import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { AGGREGATES } from '../../../services/feed/dist/aggregates/aggregate.js';
import { refresh } from '../../../services/feed/dist/refresh-aggregates/refresh-range.js';
import type { Figure } from '../benchmark.ts';
import type { BenchContext } from '../context.ts';
import { dayBefore } from './late-inserts.ts';

const DAY = 86_400_000;

/** Inserts two rows in one transaction, which invalidates everything between them. */
const TOUCH = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
SELECT unnest($1::timestamptz[]), unnest($2::uuid[]), 1, 'post', 'post', 1`;

/** The seconds that each aggregate needs to refresh a day in which all hours have changed. */
export async function refreshTimes({ sizes: { rounds } }: BenchContext, feed: Client, days: number): Promise<Figure[]> {
  const from = dayBefore(Math.ceil(days / 2) + 1);
  const day = { from, to: from + DAY };
  const ours = new Map<string, number[]>(AGGREGATES.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    await feed.query(TOUCH, [
      [new Date(day.from), new Date(day.to - 1)],
      [randomUUID(), randomUUID()],
    ]);
    for (const [name, measured] of ours) {
      const startedAt = performance.now();
      await refresh(feed, name, day);
      // The first round warms up.
      if (round >= 0) measured.push((performance.now() - startedAt) / 1_000);
    }
  }
  return [...ours].map(([name, measured]) => ({ name: `refresh of a day, ${name}`, unit: 's', ours: measured }));
}
