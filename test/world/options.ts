import { parseArgs } from 'node:util';
import { type EventTime, EventTime as EventTimeSchema } from '@activity-feed/contracts';
import { OperatorError } from '../../infra/console.ts';
import type { WantedWorld } from './plan.ts';

export interface GenerateOptions {
  world: WantedWorld;
  intoExisting: boolean;
  /** Writes over HTTP, as users would, instead of into the events tables. */
  throughApi: boolean;
}

export const usage = `Usage: npm run generate -- [options]

Fills the running system with a made-up social world, the same for the same seed.

  --users N          users (10000)
  --activities N     what they do in all, beside the follows that they begin with (1000000)
  --days N           days over which they do it (30)
  --seed N           another world for another number (1)
  --until TIME       when the last day ends (the beginning of this hour)
  --into-existing    into a system that holds other data too, and that others may write to meanwhile
  --through-api      over HTTP, one request for each; for a small world (users 50, activities 500, days 1)

Ctrl-C stops at a good place; the same command continues there.

A system whose databases npm start did not create is reached by SOCIAL_GRAPH_DATABASE_URL, ACTIVITY_DATABASE_URL and
FEED_DATABASE_URL in the environment, its gateway by GATEWAY_PORT.`;

const HOUR = 3_600_000;

/** The options of a command line; a wrong one is an error that says what it got and what it wants. */
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
