import type { LoadResult } from './load-result.ts';
import type { Report } from './report/report.ts';

/** A result for the report's specs. */
const summary = { count: 1200, p50: 4.2, p90: 9.75, p99: 48.31, p999: 130.4, max: 131 };

export const exampleResult: LoadResult = {
  wanted: 200,
  reached: 199.4,
  seconds: 6.02,
  endedEarly: false,
  errors: 3,
  all: summary,
  routes: [
    { route: 'GET /feed/friends', ...summary, errors: { '503 SERVICE_UNAVAILABLE': 3 } },
    { route: 'POST /post', ...summary, count: 50, errors: {} },
  ],
  curves: { reads: [{ percentile: 0, ms: 1 }], writes: [] },
  bySecond: [{ second: 0, count: 200, errors: 3, p50: 4, p99: 48, max: 131 }],
  freshness: { ...summary, count: 30, unseen: 1, failed: 0, samples: [{ at: 0, ms: 12, seen: true }] },
  sender: { late: { ...summary, p99: 1.1 }, busy: 0.123 },
};

export const exampleReport: Report = {
  date: '2026-01-02T03:04:05.678Z',
  commit: '1a2b3c4',
  machine: { cores: 2, processor: 'A <fast> one', memoryGiB: 24, node: 'v24.0.0', busyProcesses: 0.4 },
  options: {
    url: 'http://127.0.0.1:5000',
    rate: 200,
    duration: 6,
    reads: 90,
    users: 'zipf',
    count: 100,
    depth: 1,
    findMax: false,
    keysFile: undefined,
  },
  result: exampleResult,
};
