import { join } from 'node:path';
import { SOURCES, type Source } from '@activity-feed/contracts';
import { Client } from 'pg';
import { infraSettings } from '../../infra/settings.ts';

/** The databases of a running system: written to are those of the two write services alone. */
export interface Stores {
  write: Record<Source, Client>;
  /** For looking how far the feed is. */
  feed: Client;
  close(): Promise<void>;
}

/** Connects to the databases that `npm start` uses. */
export async function openStores(root: string): Promise<Stores> {
  const { ports, outside } = infraSettings(root, process.env, 'start');
  // The password is the one in docker-compose.yml; the local servers ask for none.
  const url = (server: 'postgres' | 'timescaledb', database: string) => {
    const address = new URL(outside[server] ?? `postgres://postgres:postgres@127.0.0.1:${ports[server].port}`);
    address.pathname = join('/', database);
    return address.href;
  };
  const connect = async (connectionString: string) => {
    const client = new Client({ connectionString });
    await client.connect();
    return client;
  };
  const social = await connect(url('postgres', 'social_graph'));
  const activity = await connect(url('postgres', 'activity'));
  const feed = await connect(url('timescaledb', 'feed'));
  const write = { 'social-graph': social, activity };
  const close = async () => void (await Promise.all([...SOURCES.map((source) => write[source].end()), feed.end()]));
  return { write, feed, close };
}
