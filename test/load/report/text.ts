import type { LoadResult } from '../load-result.ts';
import type { Summary } from '../measure/percentiles.ts';
import { milliseconds, share, wholes } from './figures.ts';
import type { Report, SearchStep } from './report.ts';

const columns = ['requests', 'errors', 'p50', 'p90', 'p99', 'p99.9', 'max'];

/** A report for the console. */
export function summaryText({ result, search }: Report): string {
  const lines = search ? [found(search.highestGood), ''] : [];
  if (result.endedEarly || search?.endedEarly) lines.push('The run ended early. These are the results so far.', '');
  lines.push(`${rates(result)}.`, 'Latencies in ms, from the time at which a request was due:', '', ...table(result));
  const warning = senderWarning(result);
  if (warning) lines.push('', `! ${warning}`);
  return lines.join('\n');
}

export function stepLine({ rate, reached, p50, p99, freshnessP99, complaints }: SearchStep): string {
  const fresh = freshnessP99 === undefined ? '' : `   fresh p99 ${milliseconds(freshnessP99).padStart(6)}`;
  const verdict = complaints.length === 0 ? '✓' : '✗';
  const figures = `p50 ${milliseconds(p50).padStart(6)}   p99 ${milliseconds(p99).padStart(6)}${fresh}`;
  return `${verdict} ${wholes(rate).padStart(6)}/s   reached ${wholes(reached).padStart(6)}   ${figures}   ${complaints.join('; ')}`.trimEnd();
}

export function found(highestGood: number | undefined): string {
  if (highestGood === undefined) return 'No rate was good: p99 was above 100 ms or there were errors at every rate.';
  return `Highest good rate: ${wholes(highestGood)} requests a second.`;
}

export function rates({ wanted, reached, seconds }: LoadResult): string {
  return `${wholes(reached)} successful requests a second (target: ${wholes(wanted)}), over ${wholes(seconds)} s`;
}

/** A warning if the sending process was slow, because latencies then include its own delays. */
export function senderWarning({ all, sender: { late, busy } }: LoadResult): string | undefined {
  if (late.p99 <= Math.max(10, all.p99 / 10)) return undefined;
  const how = `1 % of requests were sent more than ${milliseconds(late.p99)} ms late, using ${share(busy)} of a core`;
  return `The load generator was slow (${how}). The latencies include that delay.`;
}

function table({ routes, all, errors, freshness }: LoadResult): string[] {
  const rows = [
    ...routes.map((route) => [route.route, ...figures(route, sum(route.errors))]),
    ['all', ...figures(all, errors)],
    ...(freshness ? [['freshness', ...figures(freshness, freshness.unseen + freshness.failed)]] : []),
  ];
  const kinds = routes.flatMap(({ route, errors }) =>
    Object.entries(errors).map(([kind, count]) => `  ${route}: ${wholes(count)} × ${kind}`),
  );
  return [...aligned([['', ...columns], ...rows]), ...(kinds.length > 0 ? ['', 'Errors:', ...kinds] : [])];
}

function figures({ count, p50, p90, p99, p999, max }: Summary, errors: number): string[] {
  return [wholes(count), wholes(errors), ...[p50, p90, p99, p999, max].map(milliseconds)];
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column + 1] as string).length)));
  const first = Math.max(...rows.map(([name]) => (name as string).length));
  return rows.map(([name, ...cells]) =>
    [
      `  ${(name as string).padEnd(first)}`,
      ...cells.map((cell, column) => cell.padStart(widths[column] as number)),
    ].join('  '),
  );
}
