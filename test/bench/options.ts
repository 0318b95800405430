import { parseArgs } from 'node:util';
import { OperatorError } from '../../infra/console.ts';

export interface BenchOptions {
  /** Benchmarks to run. */
  readonly names: readonly string[];
  readonly rounds: number | undefined;
  readonly smoke: boolean;
  /** The folder for CPU profiles of the services. */
  readonly profile: string | undefined;
  /** The file for the results. */
  readonly json: string | undefined;
}

export const usage = (known: readonly string[]) => `Usage: npm run bench -- [name …] [options]

Measures the system next to references that show what this machine can do without it. Runs the named benchmarks, or all.

  --rounds N      measurements of each figure, in turn with its reference (3)
  --without NAME  skip this benchmark; may be repeated
  --smoke         a very small run, to check that the benchmarks work
  --profile DIR   write a CPU profile of each service to this folder, for browsers’ developer tools (slows it down)
  --json FILE     write the results to this file (reports/bench-<time>.json)

Names: ${known.join(', ')}

It starts its own servers, like npm test; TEST_TIMESCALEDB_URL and the other TEST_ variables name other servers.
A run of all benchmarks writes docs/benchmarks.md. A run of overload, fairness, crowd, expanded-pages, comments, taken-back,
hidden-users, notifications, deletion, streams, cost or aggregates writes its section there; aggregates has a section for each edition of
TimescaleDB.`;

/** Parses the command line. Throws an OperatorError that names the invalid option and what is accepted. */
export function benchOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = read(args, known);
  const { without = [] } = values;
  const unknown = [...positionals, ...without].find((name) => !known.includes(name));
  if (unknown) throw new OperatorError(`There is no benchmark "${unknown}". Choose from ${known.join(', ')}.`);
  const { rounds, smoke = false, profile, json } = values;
  if (rounds !== undefined && !/^[1-9]\d?$/.test(rounds)) {
    throw new OperatorError(`--rounds is "${rounds}"; it must be a whole number from 1 to 99.`);
  }
  const names = (positionals.length > 0 ? positionals : known).filter((name) => !without.includes(name));
  return { names, rounds: rounds === undefined ? undefined : Number(rounds), smoke, profile, json };
}

function read(args: readonly string[], known: readonly string[]) {
  const options = {
    rounds: { type: 'string' },
    without: { type: 'string', multiple: true },
    smoke: { type: 'boolean' },
    profile: { type: 'string' },
    json: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new OperatorError(`${(error as Error).message}\n\n${usage(known)}`);
  }
}
