import type { BenchResult, Figure } from './benchmark.ts';
import { spread } from './measure/spread.ts';

export interface Target {
  readonly figure: string;
  /** Whether the limit is a minimum or a maximum. */
  readonly wanted: 'at least' | 'at most';
  readonly limit: number;
  readonly unit?: string;
  /** The value from a run's figures, or undefined if the run did not measure it. */
  readonly measured: (figures: FigureBook) => number | undefined;
}

/** Targets on two cores, with everything on one machine. */
const TARGETS: readonly Target[] = [
  ...[32, 128].flatMap((connections) => [
    atLeast(0.45, `friends page, requests/s against bare Fastify, ${connections} connections`, (of) =>
      of.ratio('friends-page', `requests, ${connections} connections`),
    ),
    atMost(3.5, `friends page, CPU against bare Fastify’s, ${connections} connections`, (of) =>
      of.ratio('friends-page', `CPU per request, ${connections} connections`),
    ),
  ]),
  atMost(35, 'page inside the index, 50 followees', (of) => of.median('timeline-index', 'page p50', 50), 'µs'),
  atMost(100, 'page inside the index, 5,000 followees', (of) => of.median('timeline-index', 'page p50', 5_000), 'µs'),
  atMost(1.5, 'page over HTTP, 5,000 followees against 50', (of) =>
    of.growth('followees', 'friends page p50', 50, 5_000),
  ),
  atMost(1.2, 'page over HTTP, 10 million activities against 100 thousand', (of) =>
    of.growth('activities', 'friends page p50', 100_000, 10_000_000),
  ),
  atMost(2, 'first page, requests/s against the 100th page', (of) =>
    quotient(of.median('friends-page', 'requests, 32 connections'), of.median('deep-page', 'requests, 32 connections')),
  ),
  atLeast(0.35, '`POST /activity`, durable, against pgbench', (of) => of.ratio('activity-writes', 'requests')),
  atLeast(0.7, 'projector against bare `unnest`', (of) => of.ratio('projector', 'events')),
  atLeast(0.7, 'relay against bare kafkajs', (of) => of.ratio('relay', 'events')),
  atMost(10, 'freshness, idle, p50', (of) => of.median('freshness', 'idle, p50'), 'ms'),
  atMost(30, 'freshness, idle, p99', (of) => of.median('freshness', 'idle, p99'), 'ms'),
  atMost(
    60,
    'freshness at half the maximum rate, p99',
    (of) => of.median('freshness', 'at half the maximum rate, p99'),
    'ms',
  ),
  atMost(1.1, 'freshness p50, 100,000 followers against 10', (of) =>
    of.growth('followers', 'freshness p50', 10, 100_000),
  ),
  atMost(
    56,
    'memory of the feed process per activity',
    (of) => of.median('activities', 'memory per activity'),
    'bytes',
  ),
  atMost(
    20,
    'index of 10 million activities loaded after a cold start',
    (of) => of.median('activities', 'load time of the index', 10_000_000),
    's',
  ),
];

/** A table of a run's figures and their targets. Empty if the run measured none of them. */
export function targetTable(results: readonly BenchResult[], targets = TARGETS): string {
  const figures = new FigureBook(results);
  const rows = targets.flatMap(({ figure, wanted, limit, unit, measured }) => {
    const value = measured(figures);
    if (value === undefined) return [];
    const holds = wanted === 'at least' ? value >= limit : value <= limit;
    const withUnit = (number: number) =>
      [number.toLocaleString('en', { maximumSignificantDigits: 3 }), unit].join(' ').trim();
    return [`| ${figure} | ${wanted} ${withUnit(limit)} | ${withUnit(value)} | ${holds ? 'yes' : '**no**'} |`];
  });
  if (rows.length === 0) return '';
  return ['| figure | target | measured | met |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

export class FigureBook {
  private readonly results: readonly BenchResult[];

  constructor(results: readonly BenchResult[]) {
    this.results = results;
  }

  median(benchmark: string, name: string, to?: number): number | undefined {
    const { ours } = this.figure(benchmark, name, to) ?? {};
    return ours?.length ? spread(ours).median : undefined;
  }

  /** The median ratio to the reference over all rounds. */
  ratio(benchmark: string, name: string, to?: number): number | undefined {
    const { ours, reference } = this.figure(benchmark, name, to) ?? {};
    if (!ours?.length || !reference) return undefined;
    return spread(ours.map((value, round) => value / (reference[round] as number))).median;
  }

  /** The median of how far it is above the reference over all rounds. */
  difference(benchmark: string, name: string): number | undefined {
    const { ours, reference } = this.figure(benchmark, name) ?? {};
    if (!ours?.length || !reference) return undefined;
    return spread(ours.map((value, round) => value - (reference[round] as number))).median;
  }

  growth(benchmark: string, name: string, from: number, to: number): number | undefined {
    return quotient(this.median(benchmark, name, to), this.median(benchmark, name, from));
  }

  private figure(benchmark: string, name: string, to?: number): Figure | undefined {
    const figures = this.results.find((result) => result.benchmark === benchmark)?.figures;
    return figures?.find((figure) => figure.name === name && figure.growth?.to === to);
  }
}

function quotient(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}

export function atLeast(limit: number, figure: string, measured: Target['measured'], unit = ''): Target {
  return { figure, wanted: 'at least', limit, measured, unit };
}

export function atMost(limit: number, figure: string, measured: Target['measured'], unit = ''): Target {
  return { figure, wanted: 'at most', limit, measured, unit };
}
