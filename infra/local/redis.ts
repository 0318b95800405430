import { mkdirSync } from 'node:fs';
import type { ProcessSpec } from '../process/supervised-process.ts';
import { redisAnswers } from '../servers/probes.ts';

export interface RedisServer {
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly logFile: string;
  /** Server settings that override the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Redis holds only data that can be rebuilt, so nothing is written to disk. */
export function redisProcess({ program, folder, port, logFile, settings: own }: RedisServer): ProcessSpec {
  mkdirSync(folder, { recursive: true });
  const settings = {
    bind: '127.0.0.1',
    port,
    dir: folder,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    ...own,
  };
  return {
    name: 'redis',
    command: program,
    args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
    logFile,
    stopSignal: 'SIGTERM',
    graceMs: 3000,
    probe: () => redisAnswers(port),
  };
}
