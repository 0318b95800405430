import { join } from 'node:path';
import type { WriteService } from '@activity-feed/contracts';
import { Client } from 'pg';
import { type Environment, text } from '../../infra/environment.ts';
import { infraSettings } from '../../infra/settings.ts';

/** Connections to the databases of a running system. */
export interface Stores {
  write: Record<WriteService, Client>;
  /** Read only, to see how far the feed is. */
  feed: Client;
  close(): Promise<void>;
}

export type DatabaseUrls = Record<WriteService | 'feed', string>;

/** The databases that the environment names, or those that `npm start` uses. */
export function databaseUrls(root: string, env: Environment): DatabaseUrls {
  const { ports, outside } = infraSettings(root, env, 'start');
  // The password of the servers in Docker. Local server processes do not require one.
  const url = (variable: string, server: 'postgres' | 'timescaledb', database: string) => {
    const given = text(env, variable);
    if (given) return given;
    const address = new URL(outside[server] ?? `postgres://postgres:postgres@127.0.0.1:${ports[server].port}`);
    address.pathname = join('/', database);
    return address.href;
  };
  return {
    'social-graph': url('SOCIAL_GRAPH_DATABASE_URL', 'postgres', 'social_graph'),
    activity: url('ACTIVITY_DATABASE_URL', 'postgres', 'activity'),
    feed: url('FEED_DATABASE_URL', 'timescaledb', 'feed'),
  };
}

export async function openStores(urls: DatabaseUrls): Promise<Stores> {
  const social = await connect(urls['social-graph']);
  const activity = await connect(urls.activity);
  const feed = await connect(urls.feed);
  const close = async () => {
    await Promise.all([social, activity, feed].map((client) => client.end()));
  };
  return { write: { 'social-graph': social, activity }, feed, close };
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}
