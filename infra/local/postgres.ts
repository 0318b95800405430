import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runOrFail } from '../process/run.ts';
import type { ProcessSpec } from '../process/supervised-process.ts';
import { postgresAnswers } from '../servers/probes.ts';
import type { Owner } from './data-folder.ts';

export interface PostgresCluster {
  readonly name: 'postgres' | 'timescaledb';
  readonly programs: string;
  /** The cluster's folder. Belongs to `owner`, if given. */
  readonly folder: string;
  readonly port: number;
  readonly owner: Owner | undefined;
  readonly logFile: string;
  /** Server settings that override the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
}

const INITDB = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-N'];
const LOCALE = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

export async function makeCluster(cluster: PostgresCluster, signal: AbortSignal): Promise<void> {
  const { folder, owner, programs } = cluster;
  const data = join(folder, 'data');
  if (existsSync(data)) return;
  mkdirSync(folder, { recursive: true });
  if (owner) chownSync(folder, owner.uid, owner.gid);
  rmSync(`${data}.tmp`, { recursive: true, force: true });
  const options = ['-D', `${data}.tmp`, ...INITDB, ...LOCALE];
  await runOrFail(join(programs, 'initdb'), options, { cwd: folder, signal, ...owner });
  renameSync(`${data}.tmp`, data);
}

export function clusterProcess(cluster: PostgresCluster): ProcessSpec {
  const { name, programs, folder, port, owner, logFile } = cluster;
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(name === 'timescaledb' && {
      shared_preload_libraries: 'timescaledb',
      'timescaledb.telemetry_level': 'off',
      // Debian packages the Apache edition, which has no background jobs.
      'timescaledb.max_background_workers': 0,
    }),
    ...cluster.settings,
  };
  return {
    name,
    command: join(programs, 'postgres'),
    args: [
      '-D',
      join(folder, 'data'),
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    cwd: folder,
    ...owner,
    logFile,
    // Fast shutdown: ends sessions, loses no committed data.
    stopSignal: 'SIGINT',
    graceMs: 5000,
    probe: () => postgresAnswers(port),
  };
}
