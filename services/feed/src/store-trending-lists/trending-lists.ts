import { type Milliseconds, OBJECT_TYPES, TRENDING_WINDOWS, type TrendingWindow } from '@activity-feed/contracts';
import { inTransactionOf } from '@activity-feed/eventing';
import type { ClientBase } from 'pg';
import { BUCKET_LENGTH, bucketStart, memoryHours } from '../aggregates/aggregate-time';
import { COUNTS } from '../aggregates/engagement-sql';
import type { TimeRange } from '../aggregates/time-range';
import { LIST_LENGTH, TRENDING_OBJECTS } from '../score-trends/score-sql';
import { weightsOf } from '../score-trends/weights';
import { KEPT_HOURS } from '../timeline-index/rows/recent-engagement';

/** Without notes: a read takes noted objects from their activities. */
const INSERT = `
INSERT INTO trending_objects (window_name, hour, object_type, rank, object_id, owner_id, ${COUNTS}, score)
SELECT $7, $8, object_type, row_number() OVER (ORDER BY score DESC, object_id DESC), object_id, owner_id, ${COUNTS}, score
FROM (${TRENDING_OBJECTS.corrected}) AS best`;

const LISTS = { name: 'find-trending-lists', text: 'SELECT FROM trending_lists WHERE hour = $1' };

const WINDOWS = Object.keys(TRENDING_WINDOWS) as TrendingWindow[];

/** Slightly longer than the longest window. */
const LISTED = 8 * BUCKET_LENGTH.day;

export interface TrendingListsOptions {
  now(): Milliseconds;
  onRefreshed(): Promise<unknown>;
}

/** Maintains the lists of the best objects of the closed hours, for this hour and the next. */
export class TrendingLists {
  private outdated = false;
  /** Lists before this hour are deleted. */
  private droppedBefore: Milliseconds | undefined;

  constructor(
    private readonly client: ClientBase,
    private readonly options: TrendingListsOptions,
  ) {}

  /** To be called when late activities of a range have been added. */
  outdate({ to }: TimeRange): void {
    this.outdated ||= to >= this.options.now() - LISTED;
  }

  /** Creates missing lists and replaces outdated ones. `until`: the aggregate is filled up to there. */
  async turn(until: Milliseconds): Promise<void> {
    const { now, onRefreshed } = this.options;
    for (const hour of listableHours(now(), until)) {
      if (!this.outdated && (await hasLists(this.client, hour))) continue;
      await makeLists(this.client, hour);
    }
    // Readers whose projector is behind still ask for earlier lists.
    const kept = this.outdated ? 0 : KEPT_HOURS * BUCKET_LENGTH.hour;
    if (this.outdated) await onRefreshed();
    this.outdated = false;
    const before = bucketStart('hour', now()) - kept;
    if (this.droppedBefore === before) return;
    await dropListsBefore(this.client, before);
    this.droppedBefore = before;
  }
}

/** Of this hour and the next (their starts), those whose lists need nothing after `until`. */
function listableHours(now: Milliseconds, until: Milliseconds): Milliseconds[] {
  const hour = bucketStart('hour', now);
  return [hour, hour + BUCKET_LENGTH.hour].filter((reference) => memoryHours(reference) <= until);
}

async function hasLists(client: ClientBase, hour: Milliseconds): Promise<boolean> {
  const { rows } = await client.query(LISTS, [new Date(hour)]);
  return rows.length === WINDOWS.length;
}

async function makeLists(client: ClientBase, hour: Milliseconds): Promise<void> {
  const at = new Date(hour);
  await inTransactionOf(client, async () => {
    await client.query('DELETE FROM trending_objects WHERE hour = $1', [at]);
    await client.query('DELETE FROM trending_lists WHERE hour = $1', [at]);
    for (const window of WINDOWS) {
      const hours = TRENDING_WINDOWS[window];
      const from = new Date(hour - hours * BUCKET_LENGTH.hour);
      for (const type of OBJECT_TYPES) {
        const values = [from, new Date(memoryHours(hour)), at, weightsOf(window), type, LIST_LENGTH];
        await client.query(INSERT, [...values, window, at]);
      }
      await client.query('INSERT INTO trending_lists (window_name, hour) VALUES ($1, $2)', [window, at]);
    }
  });
}

async function dropListsBefore(client: ClientBase, hour: Milliseconds): Promise<void> {
  await client.query('DELETE FROM trending_objects WHERE hour < $1', [new Date(hour)]);
  await client.query('DELETE FROM trending_lists WHERE hour < $1', [new Date(hour)]);
}
