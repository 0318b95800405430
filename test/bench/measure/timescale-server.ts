import { Client } from 'pg';
import { type Edition, readEdition } from '../../../services/feed/dist/aggregates/edition.js';

/** The server of the feed's database. */
export interface TimescaleServer {
  readonly edition: Edition;
  /** E.g. `2.29.2`. */
  readonly version: string;
  readonly postgres: string;
  /** E.g. `128MB`. */
  readonly sharedBuffers: string;
}

const SERVER = `
SELECT extversion AS version, split_part(current_setting('server_version'), ' ', 1) AS postgres,
       current_setting('shared_buffers') AS "sharedBuffers"
FROM pg_extension WHERE extname = 'timescaledb'`;

/** Queries the server at `url` (without a database name), in a temporary database with the extension. */
export async function readServer(url: string): Promise<TimescaleServer> {
  const name = `bench_server_${process.pid}`;
  return withClient(`${url}/postgres`, async (admin) => {
    await admin.query(`CREATE DATABASE ${name}`);
    try {
      return await withClient(`${url}/${name}`, readFrom);
    } finally {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });
}

async function readFrom(client: Client): Promise<TimescaleServer> {
  await client.query('CREATE EXTENSION IF NOT EXISTS timescaledb');
  const { rows } = await client.query<Omit<TimescaleServer, 'edition'>>(SERVER);
  return { edition: await readEdition(client), ...(rows[0] as Omit<TimescaleServer, 'edition'>) };
}

async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
