import { parseArgs } from 'node:util';
import { OperatorError } from '../../infra/console.ts';
import { loopbackOrigin } from './loopback.ts';
import type { UserChoice } from './traffic/choose.ts';

export interface LoadOptions {
  readonly url: string;
  /** Requests a second; with `findMax`, in the first step. */
  readonly rate: number;
  /** Seconds; with `findMax`, per step. */
  readonly duration: number;
  /** Percentage of requests that are reads. */
  readonly reads: number;
  readonly users: UserChoice;
  /** Users to register for this run. */
  readonly count: number;
  /** Pages read of each feed. */
  readonly depth: number;
  readonly findMax: boolean;
  readonly keysFile: string | undefined;
  readonly adminKey: string | undefined;
}

/** Limits a run, so that a typo does not fill the disk. */
const MOST_REQUESTS = 2_000_000;

export const usage = `Usage: npm run load -- [options]

Sends requests to a running system on this machine at a fixed rate, measures latencies and writes a report.

  --url URL              the gateway (http://127.0.0.1:5000)
  --rate N               requests a second (200; with --find-max, of the first step: 100)
  --duration N           seconds (30; with --find-max, of each step: 6)
  --reads N              percentage of requests that are reads (90)
  --users zipf|uniform   whether a few users send most requests, or all send equally many (zipf)
  --count N              users to register for this run (100)
  --depth N              pages read of each feed (1)
  --keys FILE            act as the users in this file: one "name key" per line, most active first
  --find-max             raise the rate until p99 exceeds 100 ms or errors appear
  --admin-key KEY        for registering users (ADMIN_KEY, or the key that npm start generated)

Ctrl-C ends the run early; it still writes a report.`;

/** Parses the command line. Throws an OperatorError that names the invalid option and what is accepted. */
export function loadOptions(args: readonly string[]): LoadOptions {
  const values = read(args);
  const findMax = values['find-max'] ?? false;
  const options = {
    url: loopbackOrigin(values.url ?? 'http://127.0.0.1:5000'),
    rate: whole('--rate', values.rate, findMax ? 100 : 200, 1, 20_000),
    duration: whole('--duration', values.duration, findMax ? 6 : 30, findMax ? 5 : 1, findMax ? 60 : 3600),
    reads: whole('--reads', values.reads, 90, 0, 100),
    users: userChoice(values.users ?? 'zipf'),
    count: whole('--count', values.count, 100, 2, 5000),
    depth: whole('--depth', values.depth, 1, 1, 1000),
    findMax,
    keysFile: values.keys,
    adminKey: values['admin-key'],
  };
  const requests = options.rate * options.duration;
  if (requests > MOST_REQUESTS) {
    throw new OperatorError(`--rate × --duration is ${requests} requests; it must be at most ${MOST_REQUESTS}.`);
  }
  return options;
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        rate: { type: 'string' },
        duration: { type: 'string' },
        reads: { type: 'string' },
        users: { type: 'string' },
        count: { type: 'string' },
        depth: { type: 'string' },
        keys: { type: 'string' },
        'find-max': { type: 'boolean' },
        'admin-key': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new OperatorError(`${(error as Error).message}\n\n${usage}`);
  }
}

function whole(option: string, value: string | undefined, fallback: number, least: number, most: number): number {
  if (value === undefined) return fallback;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new OperatorError(`${option} is "${value}"; it must be a whole number from ${least} to ${most}.`);
}

function userChoice(value: string): UserChoice {
  if (value === 'zipf' || value === 'uniform') return value;
  throw new OperatorError(`--users is "${value}"; it must be zipf or uniform.`);
}
