import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { debianServers } from '../../../infra/local/debian/servers.ts';
import { runOrFail } from '../../../infra/process/run.ts';

export interface Inserts {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly type: string;
  /** The data of each event. */
  readonly data: object;
}

const program = join(debianServers().postgresPrograms, 'pgbench');

export const insertsAlone = () =>
  `${existsSync(program) ? 'pgbench' : 'the pg client in one process (pgbench is not installed)'} inserting only event \
rows, one per transaction, over the same number of connections`;

/** A table like `events`, with its indexes and checks. */
const TABLE = `
CREATE TABLE IF NOT EXISTS reference_events (LIKE events INCLUDING ALL)`;

/** Adds spaces after colons, because pgbench reads `:name` as a variable. */
const insert = ({ type, data }: Inserts, stream: string, version: string) => `
INSERT INTO reference_events (event_id, stream, version, type, data, time)
VALUES (gen_random_uuid(), ${stream}, ${version}, '${type}', '${JSON.stringify(data).replaceAll(':', ': ')}', clock_timestamp())`;

/** How many events per second the database inserts without any checks by a service. */
export async function insertsPerSecond(inserts: Inserts): Promise<number> {
  const pool = new Pool({ connectionString: inserts.url, max: inserts.connections });
  try {
    await pool.query(TABLE);
    return existsSync(program) ? await byPgbench(inserts) : await byClient(inserts, pool);
  } finally {
    await pool.end();
  }
}

async function byPgbench(inserts: Inserts): Promise<number> {
  const { connections, seconds, url } = inserts;
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const script = join(folder, 'insert.sql');
  const statement = insert(inserts, ':client_id + 1', ':version');
  writeFileSync(script, `\\set version random(1, 9000000000000000)\n${statement.replaceAll('\n', ' ')};\n`);
  try {
    const options = ['-n', '-M', 'prepared', '-c', `${connections}`, '-j', '2', '-T', `${Math.ceil(seconds)}`];
    const output = await runOrFail(program, [...options, '-f', script, url]);
    return Number(/^tps = ([\d.]+)/m.exec(output)?.[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function byClient(inserts: Inserts, pool: Pool): Promise<number> {
  const query = { name: 'insert', text: insert(inserts, '$1', '$2') };
  const startedAt = performance.now();
  let inserted = 0;
  const worker = async (_: unknown, stream: number) => {
    while (performance.now() < startedAt + inserts.seconds * 1_000) {
      await pool.query(query, [stream + 1, Math.floor(Math.random() * 9e15) + 1]);
      inserted++;
    }
  };
  await Promise.all(Array.from({ length: inserts.connections }, worker));
  return (inserted * 1_000) / (performance.now() - startedAt);
}
