import { Client } from 'pg';

/** Drops the databases of `urls`, even if clients are connected. */
export async function dropDatabases(urls: string[]): Promise<void> {
  for (const url of urls) {
    const name = new URL(url).pathname.slice(1);
    const client = new Client({ connectionString: url.replace(`/${name}`, '/postgres') });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
    await client.end();
  }
}
