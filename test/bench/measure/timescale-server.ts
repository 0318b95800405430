import { Client } from 'pg';
import { type Edition, readEdition } from '../../../services/feed/dist/aggregates/edition.js';

/** What the server of the feed's database is. */
export interface TimescaleServer {
  readonly edition: Edition;
  /** As `2.29.2`. */
  readonly version: string;
  readonly postgres: string;
  /** As `128MB`. */
  readonly sharedBuffers: string;
}

const SERVER = `
SELECT default_version AS version, split_part(current_setting('server_version'), ' ', 1) AS postgres,
       current_setting('shared_buffers') AS "sharedBuffers"
FROM pg_available_extensions WHERE name = 'timescaledb'`;

/** As the server at `url`, without a database's name, says itself. */
export async function readServer(url: string): Promise<TimescaleServer> {
  const client = new Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    const { rows } = await client.query<Omit<TimescaleServer, 'edition'>>(SERVER);
    return { edition: await readEdition(client), ...(rows[0] as Omit<TimescaleServer, 'edition'>) };
  } finally {
    await client.end();
  }
}
