import { type Route, readRoutes, writeRoutes } from '../traffic/traffic.ts';
import { type CurvePoint, curve, percentileOf, rounded, type Summary, sorted, summary } from './percentiles.ts';

export interface RouteResult extends Summary {
  readonly route: Route;
  /** Number of errors of each kind, e.g. `503 SERVICE_UNAVAILABLE` or `ECONNRESET`. */
  readonly errors: Readonly<Record<string, number>>;
}

/** The requests that were due within one second of the run. */
export interface SecondResult {
  readonly second: number;
  readonly count: number;
  readonly errors: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

interface OfRoute {
  /** Intended times since the start, in milliseconds. `ms` has the latencies of the same requests. */
  readonly at: number[];
  readonly ms: number[];
  readonly failedAt: number[];
  readonly errors: Record<string, number>;
}

/** The latencies of a run. For a failed request it is the time until the failure. */
export class Measurements {
  private readonly routes = new Map<Route, OfRoute>();

  add(route: Route, at: number, ms: number, error?: string): void {
    const measured = this.of(route);
    measured.at.push(at);
    measured.ms.push(ms);
    if (error === undefined) return;
    measured.failedAt.push(at);
    measured.errors[error] = (measured.errors[error] ?? 0) + 1;
  }

  get errors(): number {
    return this.all.reduce((sum, { failedAt }) => sum + failedAt.length, 0);
  }

  summary(): Summary {
    return summary(this.all.flatMap(({ ms }) => ms));
  }

  byRoute(): RouteResult[] {
    const known = [...readRoutes, ...writeRoutes].filter((route) => this.routes.has(route));
    return known.map((route) => {
      const { ms, errors } = this.of(route);
      return { route, errors, ...summary(ms) };
    });
  }

  curves(): { reads: CurvePoint[]; writes: CurvePoint[] } {
    const of = (routes: readonly Route[]) => curve(routes.flatMap((route) => this.routes.get(route)?.ms ?? []));
    return { reads: of(readRoutes), writes: of(writeRoutes) };
  }

  bySecond(): SecondResult[] {
    const seconds: { ms: number[]; errors: number }[] = [];
    const secondOf = (at: number) => {
      const second = Math.floor(at / 1000);
      seconds[second] ??= { ms: [], errors: 0 };
      return seconds[second];
    };
    for (const { at, ms, failedAt } of this.all) {
      for (const [index, time] of at.entries()) secondOf(time).ms.push(ms[index] as number);
      for (const time of failedAt) secondOf(time).errors++;
    }
    return Array.from(seconds, (found, second) => {
      const ascending = sorted(found?.ms ?? []);
      const percentile = (wanted: number) => rounded(percentileOf(ascending, wanted));
      const errors = found?.errors ?? 0;
      return {
        second,
        count: ascending.length,
        errors,
        p50: percentile(50),
        p99: percentile(99),
        max: percentile(100),
      };
    });
  }

  private get all(): OfRoute[] {
    return [...this.routes.values()];
  }

  private of(route: Route): OfRoute {
    let measured = this.routes.get(route);
    if (!measured) {
      measured = { at: [], ms: [], failedAt: [], errors: {} };
      this.routes.set(route, measured);
    }
    return measured;
  }
}
