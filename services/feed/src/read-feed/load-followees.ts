import { setTimeout as pause } from 'node:timers/promises';
import type { UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import type { TimelineIndex } from '../timeline-index/timeline-index';

/** Milliseconds for which the database may be behind the index before its list is taken as it is. */
const LIMIT = 1_000;
const PAUSE = 5;

/** One statement, so that list and version belong together. */
const FOLLOWEES = `
SELECT coalesce((SELECT version FROM applied_versions WHERE source = 'social-graph' AND stream = $1), 0)::float8 AS version,
       ARRAY(SELECT followee_id FROM follows WHERE follower_id = $1 AND following) AS followees`;

export interface LoadedFollowees {
  /** Numbers of users, ascending. */
  followees: Uint32Array;
  /** False when the database lacks what the index knows. */
  current: boolean;
}

/** Looks up whom a reader follows when the index does not have it yet. */
export class LoadFollowees {
  private readonly underWay = new Map<UserId, Promise<LoadedFollowees>>();

  constructor(
    private readonly pool: Pool,
    private readonly index: TimelineIndex,
  ) {}

  load(reader: UserId): Promise<LoadedFollowees> {
    const known = this.underWay.get(reader);
    if (known) return known;
    const loading = this.read(reader).finally(() => this.underWay.delete(reader));
    this.underWay.set(reader, loading);
    return loading;
  }

  /**
   * The index hears from the log and may know a follow that the projector has still to write: a list without it would
   * stay wrong, as the index takes each event once.
   */
  private async read(reader: UserId): Promise<LoadedFollowees> {
    const { users, follows } = this.index;
    const end = Date.now() + LIMIT;
    for (;;) {
      const { rows } = await this.pool.query<{ version: number; followees: number[] }>(FOLLOWEES, [reader]);
      const { version, followees } = rows[0] as { version: number; followees: number[] };
      const numbers = Uint32Array.from(followees, (id) => users.number(id)).sort();
      if (version >= this.index.versionOf('social-graph', reader)) {
        follows.set(users.number(reader), numbers, version);
        return { followees: numbers, current: true };
      }
      if (Date.now() >= end) return { followees: numbers, current: false };
      await pause(PAUSE);
    }
  }
}
