import { parseArgs } from 'node:util';
import { type EventTime, EventTime as EventTimeSchema } from '@activity-feed/contracts';
import { OperatorError } from '../../infra/console.ts';
import type { WantedWorld } from './plan.ts';

export interface GenerateOptions {
  world: WantedWorld;
  intoExisting: boolean;
  /** Send HTTP requests, as users would, instead of writing to the events tables. */
  throughApi: boolean;
}

export const usage = `Usage: npm run generate -- [options]

Fills the running system with a generated social world. The same seed generates the same world.

  --users N          users (10000)
  --activities N     activities in total, in addition to the initial follows (1000000)
  --days N           days over which the activities are spread (30)
  --seed N           a number that selects the world (1)
  --until TIME       end of the last day, e.g. 2026-11-24T12:00Z (the start of the current hour)
  --into-existing    allow other data in the system; other clients may write at the same time
  --through-api      send one HTTP request per event, for small worlds
                     (defaults: users 50, activities 500, days 1)

Ctrl-C stops at a safe point. Run the same command again to continue.

If npm start did not create the databases, set SOCIAL_GRAPH_DATABASE_URL, ACTIVITY_DATABASE_URL and FEED_DATABASE_URL.
Set GATEWAY_PORT if the gateway is not on port 5000.`;

const HOUR = 3_600_000;

/** Parses the command line. Throws an OperatorError that names the invalid option and what is accepted. */
export function generateOptions(args: readonly string[], now: number): GenerateOptions {
  const { values } = parse(args);
  const throughApi = values['through-api'] ?? false;
  const small = (large: number, little: number) => (throughApi ? little : large);
  return {
    world: {
      users: whole('--users', values.users, small(10_000, 50), 10, 1_000_000),
      activities: whole('--activities', values.activities, small(1_000_000, 500), 1, 100_000_000),
      days: whole('--days', values.days, small(30, 1), 1, 3_650),
      seed: whole('--seed', values.seed, 1, 0, 2 ** 31 - 1),
      until: time('--until', values.until, now),
    },
    intoExisting: values['into-existing'] ?? false,
    throughApi,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    users: text,
    activities: text,
    days: text,
    seed: text,
    until: text,
    'into-existing': flag,
    'through-api': flag,
  };
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new OperatorError(`${(error as Error).message}\n\n${usage}`);
  }
}

function whole(name: string, value: string | undefined, otherwise: number, least: number, most: number): number {
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new OperatorError(`${name} is "${value}"; it must be a whole number from ${least} to ${most}.`);
}

function time(name: string, value: string | undefined, now: number): EventTime {
  const milliseconds = value === undefined ? Math.floor(now / HOUR) * HOUR : Date.parse(value);
  if (Number.isNaN(milliseconds))
    throw new OperatorError(`${name} is "${value}"; it must be a time like 2026-11-24T12:00Z.`);
  return EventTimeSchema.parse(new Date(milliseconds).toISOString().replace('Z', '000+00:00'));
}
