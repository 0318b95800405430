import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { everyDashboard } from '../../infra/observability/dashboards/every-dashboard.ts';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Recording {
  readonly record: string;
  readonly expr: string;
}

/** A query, and the labels that its series must have. */
export interface NamedQuery {
  readonly name: string;
  readonly query: string;
  readonly labels: readonly string[];
}

/** The rules of Prometheus in the project at `root`. */
export function rulesOf(root: string): { alerts: Alert[]; recordings: Recording[] } {
  const text = readFileSync(join(root, 'infra/observability/prometheus/rules.yml'), 'utf8');
  const { groups } = parse(text) as { groups: { rules: (Alert | Recording)[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  return {
    alerts: rules.filter((rule): rule is Alert => 'alert' in rule),
    recordings: rules.filter((rule): rule is Recording => 'record' in rule),
  };
}

/** Every query of the rules. */
export function queriesOfRules(root: string): NamedQuery[] {
  const { alerts, recordings } = rulesOf(root);
  return [
    ...alerts.map(({ alert, expr, annotations }) => {
      const named = JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g);
      return { name: `alert ${alert}`, query: expr, labels: [...named].map(([, label]) => label as string) };
    }),
    ...recordings.map(({ record, expr }) => ({ name: record, query: expr, labels: [] })),
  ];
}

/** Every query of the dashboards, with values for Grafana's variables. */
export const queriesOfDashboards = (): NamedQuery[] =>
  everyDashboard.flatMap(({ title, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap((panel) =>
        panel.queries.map(([expression, legend]) => ({
          name: `${title}: ${panel.title}`,
          query: expression.replaceAll('$__rate_interval', '1m').replaceAll('$service', '.+'),
          labels: [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label as string),
        })),
      ),
    ),
  );
