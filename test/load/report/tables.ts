import type { LoadResult } from '../load-result.ts';
import type { Summary } from '../measure/percentiles.ts';
import { milliseconds, wholes } from './figures.ts';
import { type Html, html } from './html.ts';
import type { Report, Search } from './report.ts';

export function routesTable({ routes, all, errors, freshness }: LoadResult): Html {
  const rows = routes.map((route) => row(route.route, route, errorList(route.errors)));
  const fresh = freshness && row('freshness', freshness, freshnessErrors(freshness));
  return section(
    'Routes',
    'Latencies in milliseconds, measured from the time at which a request was due. They include failed requests.',
    html`<thead><tr><th>route</th>${['requests', 'p50', 'p90', 'p99', 'p99.9', 'max'].map((name) => html`<th class="number">${name}</th>`)}<th>errors</th></tr></thead>
    <tbody>${rows}</tbody><tfoot>${row('all', all, errors === 0 ? 'none' : wholes(errors))}${fresh ?? ''}</tfoot>`,
  );
}

export function stepsTable({ steps }: Search): Html {
  const names = ['wanted/s', 'reached/s', 'p50', 'p99', 'freshness p99', 'sent late p99'];
  const rows = steps.map(
    (step) => html`<tr>
      ${[step.rate, step.reached].map((value) => number(wholes(value)))}
      ${[step.p50, step.p99, step.freshnessP99, step.senderLateP99].map((value) => number(value === undefined ? '–' : milliseconds(value)))}
      <td>${step.complaints.length === 0 ? 'good' : step.complaints.join('; ')}</td></tr>`,
  );
  return section(
    'Steps of the search',
    'A rate that fails is tried again before it counts as too high. Charts and routes show the highest good step.',
    html`<thead><tr>${names.map((name) => html`<th class="number">${name}</th>`)}<th>verdict</th></tr></thead><tbody>${rows}</tbody>`,
  );
}

/** The conditions needed to reproduce the run. */
export function conditions({ options, machine, commit, date, result }: Report): Html {
  const { url, rate, duration, reads, users, count, depth, findMax, keysFile } = options;
  const facts: [string, string][] = [
    ['date', date],
    ['commit', commit ?? 'unknown'],
    ['machine', `${machine.cores} cores, ${machine.processor}, ${machine.memoryGiB} GiB`],
    ['load before', `${machine.busyProcesses} processes ran or waited for a core on average in the minute before`],
    ['node', machine.node],
    ['address', url],
    ['rate', findMax ? `starting at ${wholes(rate)}/s, ${duration} s each` : `${wholes(rate)}/s for ${duration} s`],
    ['mix', `${reads} % reads, ${100 - reads} % writes`],
    ['users', keysFile ? `${users}, from ${keysFile}` : `${users}, ${wholes(count)} registered for the run`],
    ['page depth', String(depth)],
    ['sent late', `p99 ${milliseconds(result.sender.late.p99)} ms, max ${milliseconds(result.sender.late.max)} ms`],
  ];
  return html`<section><h2>Conditions</h2><dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
}

const section = (title: string, note: string, table: Html): Html =>
  html`<section><h2>${title}</h2><p>${note}</p><div class="scroll"><table>${table}</table></div></section>`;

const row = (name: string, { count, p50, p90, p99, p999, max }: Summary, errors: string): Html =>
  html`<tr><th>${name}</th>${number(wholes(count))}${[p50, p90, p99, p999, max].map((value) => number(milliseconds(value)))}<td>${errors}</td></tr>`;

const number = (text: string): Html => html`<td class="number">${text}</td>`;

function errorList(errors: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(errors).map(([kind, count]) => `${wholes(count)} × ${kind}`);
  return kinds.length === 0 ? 'none' : kinds.join(', ');
}

function freshnessErrors({ unseen, failed }: { unseen: number; failed: number }): string {
  const kinds = [
    ...(unseen > 0 ? [`${unseen} not seen within 10 s`] : []),
    ...(failed > 0 ? [`${failed} not written`] : []),
  ];
  return kinds.length === 0 ? 'none' : kinds.join(', ');
}
