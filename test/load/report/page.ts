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

/** The report as one page that needs nothing else. */
export function reportPage(report: Report, { library, script, style }: Assets): string {
  const { result, search, date } = report;
  const warning = senderWarning(result);
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Load of ${date.slice(0, 16).replace('T', ' ')}</title>
<style>${new Html(style)}</style>
<main>
  <header>
    <h1>Load report</h1>
    <p>${search ? `${found(search.highestGood)} ` : ''}${rates(result)}.</p>
    ${result.endedEarly || search?.endedEarly ? html`<p class="warning">Ended early; these are the numbers until then.</p>` : ''}
    ${warning ? html`<p class="warning">${warning}</p>` : ''}
  </header>
  ${tiles(report)}
  <div class="charts">
    ${search ? chart('rates', 'Rate against latency', 'Each step of the search, p50 and p99; a cross is a step with errors or a p99 above 100 ms.') : ''}
    ${chart('seconds', 'Latency over time', 'Of the requests that were due in each second, in milliseconds.')}
    ${chart('curves', 'Latency distribution', 'How long how many of a hundred requests took at most, in milliseconds.')}
    ${result.freshness ? chart('freshness', 'Freshness over time', "From a write's answer until a follower's friends feed shows it, in milliseconds.") : ''}
    ${chart('counts', 'Requests over time', 'Due in each second, and how many of them failed.')}
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
