import { Logger } from '@activity-feed/hosting';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';

/** Milliseconds between attempts. */
const INTERVAL = 2_000;
/** Changes in one statement. Relays wait for open transactions, so it must not be too large. */
const BATCH = 5_000;

/** The number of followers of the user `id`, an expression. */
export const sqlFollowers = (id: string): string => `(
  coalesce((SELECT followers FROM follower_counts WHERE user_id = ${id}), 0)
  + coalesce((SELECT sum(change) FROM follower_changes WHERE user_id = ${id}), 0))::float8`;

/** One statement, so that every read sees a change exactly once. In order of users, so that two instances cannot deadlock. */
const FOLD = {
  name: 'fold-follower-changes',
  text: `
WITH gone AS (
  DELETE FROM follower_changes
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM follower_changes LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))
  RETURNING user_id, change
), folded AS (
  INSERT INTO follower_counts AS counts (user_id, followers)
  SELECT user_id, sum(change) FROM gone GROUP BY user_id ORDER BY user_id
  ON CONFLICT (user_id) DO UPDATE SET followers = counts.followers + excluded.followers
)
SELECT count(*)::int AS count FROM gone`,
};

/** Adds the changes that commands have noted to the counts. Without it, counts are as exact, and take longer to read. */
@Injectable()
export class FollowerCounts implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  private folding: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.foldAll(), INTERVAL).unref();
  }

  /** Does not wait: the database may not answer, and the pool ends in time. */
  onApplicationShutdown(): void {
    this.stopping = true;
    clearInterval(this.timer);
  }

  private foldAll(): void {
    this.folding ??= this.fold()
      .catch((err) => {
        if (!this.stopping) this.log.warn({ err }, 'cannot add up new followers; trying again');
      })
      .finally(() => {
        this.folding = undefined;
      });
  }

  /** Folds everything that is committed. */
  async fold(): Promise<void> {
    for (let count = BATCH; count === BATCH && !this.stopping; ) {
      count = (await this.pool.query<{ count: number }>(FOLD)).rows[0]?.count ?? 0;
    }
  }
}
