import { Client } from 'pg';
import { TO_EMPTY } from '../aggregates/feed-under-test';
import type { System } from './system';

/** Rebuilds the feed from the log, as docs/operations.md describes it. */
export async function rebuildFeed(system: System): Promise<void> {
  await Promise.all(system.feeds.map((feed) => feed.end('SIGTERM')));
  const client = new Client({ connectionString: system.databases.feed });
  await client.connect();
  await client.query(`TRUNCATE ${TO_EMPTY}`);
  await client.end();
  await Promise.all(system.feeds.map((feed) => feed.start()));
}
