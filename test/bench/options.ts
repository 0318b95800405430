import { parseArgs } from 'node:util';
import { OperatorError } from '../../infra/console.ts';

export interface BenchOptions {
  /** Benchmarks to run. */
  readonly names: readonly string[];
  readonly rounds: number | undefined;
  readonly smoke: boolean;
  /** The folder for a CPU profile of each service; none are made without it. */
  readonly profile: string | undefined;
  /** The file for the numbers. */
  readonly json: string | undefined;
}

export const usage = (known: readonly string[]) => `Usage: npm run bench -- [name …] [options]

Measures the system beside what this machine can do without it, on servers of its own.

  --rounds N     measurements of each, ours and the reference in turn (3)
  --without NAME all but this one
  --smoke        once and tiny, to see that everything works
  --profile DIR  where to put a CPU profile of each service, which browsers’ developer tools open; slows it down
  --json FILE    where to write the numbers (reports/bench-<time>.json)

Names: ${known.join(', ')}
A run of all writes docs/benchmarks.md; one of overload, crowd or aggregates its section there, the last for the edition
of TimescaleDB that it ran on.
Servers of its own, unless TEST_TIMESCALEDB_URL or another of the tests' variables names one.`;

/** The options of a command line; a wrong one is an error that says what it got and what it wants. */
export function benchOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = read(args, known);
  const { without = [] } = values;
  const stranger = [...positionals, ...without].find((name) => !known.includes(name));
  if (stranger) throw new OperatorError(`There is no benchmark "${stranger}"; there are ${known.join(', ')}.`);
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
