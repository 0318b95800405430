import { milliseconds, share, wholes } from './figures.ts';
import { Html, html, jsonText, scriptText } from './html.ts';
import type { Report } from './report.ts';
import { conditions, routesTable, stepsTable } from './tables.ts';
import { found, rates, senderWarning } from './text.ts';

export interface Assets {
  /** Chart.js, for a script element. */
  readonly library: string;
  readonly script: string;
  readonly style: string;
}

/** The report as one self-contained page. */
export function reportPage(report: Report, { library, script, style }: Assets): string {
  const { result, search, date } = report;
  const warning = senderWarning(result);
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Load report ${date.slice(0, 16).replace('T', ' ')}</title>
<style>${new Html(style)}</style>
<main>
  <header>
    <h1>Load report</h1>
    <p>${search ? `${found(search.highestGood)} ` : ''}${rates(result)}.</p>
    ${result.endedEarly || search?.endedEarly ? html`<p class="warning">The run ended early. These are the results so far.</p>` : ''}
    ${warning ? html`<p class="warning">${warning}</p>` : ''}
  </header>
  ${tiles(report)}
  <div class="charts">
    ${search ? chart('rates', 'Latency by rate', 'p50 and p99 of each step of the search. A cross marks a step that was not good.') : ''}
    ${chart('seconds', 'Latency over time', 'Latency in milliseconds of the requests that were due in each second.')}
    ${chart('curves', 'Latency distribution', 'Latency in milliseconds by percentile.')}
    ${result.freshness ? chart('freshness', 'Freshness over time', "Time from the response to a write until a follower's friends feed shows it, in milliseconds.") : ''}
    ${chart('counts', 'Requests over time', 'Requests that were due in each second, and how many of them failed.')}
  </div>
  ${routesTable(result)}
  ${search ? stepsTable(search) : ''}
  ${conditions(report)}
</main>
<script type="application/json" id="report">${jsonText(report)}</script>
<script>${scriptText(library)}</script>
<script>${scriptText(script)}</script>
</html>
`;
  return page.text;
}

function chart(id: string, title: string, note: string): Html {
  return html`<figure><figcaption><h2>${title}</h2><p>${note}</p></figcaption>
      <div class="chart"><canvas id="${id}" role="img" aria-label="${title}"></canvas></div></figure>`;
}

function tiles({ result, search }: Report): Html {
  const { all, errors, freshness, reached } = result;
  const shown = [
    search?.highestGood === undefined ? [] : [tile('highest good rate', wholes(search.highestGood), '/s')],
    [tile('reached', wholes(reached), '/s')],
    [tile('latency p50', milliseconds(all.p50), 'ms'), tile('latency p99', milliseconds(all.p99), 'ms')],
    freshness
      ? [
          tile('freshness p50', milliseconds(freshness.p50), 'ms'),
          tile('freshness p99', milliseconds(freshness.p99), 'ms'),
        ]
      : [],
    [tile('errors', wholes(errors), ''), tile('sender busy', share(result.sender.busy), 'of a core')],
  ];
  return html`<dl class="tiles">${shown.flat()}</dl>`;
}

const tile = (name: string, value: string, unit: string): Html =>
  html`<div><dt>${name}</dt><dd>${value} <small>${unit}</small></dd></div>`;
