import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queriesOfDashboards, queriesOfRules, rulesOf } from './every-query';
import { selectorsOf } from './promql';

const ROOT = join(__dirname, '../..');
const { alerts } = rulesOf(ROOT);
const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
const entries = runbook.split(/^## /m).slice(1);
const titleOf = (entry: string) => entry.split('\n', 1)[0] as string;

describe('the alerts', () => {
  it.each(alerts.map((alert) => [alert.alert, alert]))(
    '%s says what happens, how urgent it is, and where to read on',
    (name, alert) => {
      expect(alert).toEqual({
        alert: expect.stringMatching(/^([A-Z][a-z]+)+$/),
        expr: expect.any(String),
        ...(alert.for !== undefined && { for: expect.stringMatching(/^\d+[mh]$/) }),
        labels: { severity: expect.stringMatching(/^(page|ticket)$/) },
        annotations: {
          summary: expect.stringMatching(/^.{20,120}$/),
          description: expect.stringMatching(/^.{20,200}\.$/),
          runbook_url: `docs/runbook.md#${(name as string).toLowerCase()}`,
        },
      });
    },
  );

  it('have an entry each in the runbook, in the same order, and nothing else has', () => {
    expect(entries.map(titleOf)).toEqual(alerts.map(({ alert }) => alert));
  });

  it.each(entries.map((entry) => [titleOf(entry), entry]))(
    '%s: the entry states the urgency, where to look and what to do',
    (title, entry) => {
      const severity = alerts.find(({ alert }) => alert === title)?.labels.severity;
      expect(entry).toContain(`\n\n*${severity}*: `);
      if (title !== 'RequestsFailSlowly') expect(entry).toContain('\n**Look at** ');
      expect(entry).toMatch(/\n\*\*Do\*\*[: ]/);
    },
  );
});

describe('the runbook', () => {
  it('names panels that the dashboards have', () => {
    const titles = new Set(queriesOfDashboards().map(({ name }) => name.split(': ').slice(1).join(': ')));
    const dashboards = 'overview|write path|feed and index|services';
    const text = runbook.replaceAll('\n', ' ');
    const named = [...text.matchAll(new RegExp(`\\*(?:${dashboards})\\*, ((?:"[^"]+"(?:, | and )?)+)`, 'g'))].flatMap(
      ([, list]) => [...(list as string).matchAll(/"([^"]+)"/g)].map(([, title]) => title as string),
    );
    expect(named.length).toBeGreaterThan(10);
    const rows = ['Relays', 'Kafka', 'Projector'];
    expect(named.filter((title) => !titles.has(title) && !rows.includes(title))).toEqual([]);
  });

  it('has queries in PromQL of metrics that the rules or dashboards use', () => {
    const queries = [...runbook.matchAll(/```promql\n([^`]+)\n```/g)].map(([, query]) => query as string);
    const known = new Set(
      [...queriesOfRules(ROOT), ...queriesOfDashboards()].flatMap(({ query }) =>
        selectorsOf(query).map(({ metric }) => metric),
      ),
    );
    expect(queries.length).toBeGreaterThan(3);
    for (const { metric } of queries.flatMap(selectorsOf)) expect([...known]).toContain(metric);
  });
});

describe('the documentation of metrics', () => {
  it('lists every metric of the rules and dashboards, other than those of the process and of Prometheus', () => {
    const operations = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const names = [...queriesOfRules(ROOT), ...queriesOfDashboards()]
      .flatMap(({ query }) => selectorsOf(query).map(({ metric }) => metric.replace(/_(bucket|sum|count)$/, '')))
      .filter((name) => !/^(process_|nodejs_|up$|ALERTS$|\w+:)/.test(name));
    expect([...new Set(names)].filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
  });
});
