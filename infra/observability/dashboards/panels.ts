/** A query in PromQL, and the name of its series, with labels in `{{ }}`. */
export type Query = readonly [expression: string, legend: string];

export interface Panel {
  readonly title: string;
  /** What the numbers mean, where the title does not say it. */
  readonly description?: string;
  /** Of Grafana: `s`, `reqps`, `bytes`, `percentunit`, `short` and others. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** `lines` over time, `now` as a number, or `states` for what is 1 or 0. */
  readonly kind?: 'lines' | 'now' | 'states';
  /** In 24ths of the page. */
  readonly width?: number;
  /** Draws a line, or changes the colour of a number, where the documentation has a limit. */
  readonly limit?: number;
  /** Adds the series up to their sum. */
  readonly stacked?: boolean;
  /** From 0 to this value, unless it is exceeded. */
  readonly max?: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The variable of the data source, so that a dashboard works with any Prometheus. */
export const DATA_SOURCE = { type: 'prometheus', uid: '$datasource' };

const HEIGHTS = { lines: 8, now: 4, states: 8 };
const GREEN = { color: 'green', value: null };

export const heightOf = ({ kind = 'lines' }: Panel): number => HEIGHTS[kind];
export const widthOf = ({ kind = 'lines', width }: Panel): number => width ?? (kind === 'now' ? 4 : 8);

/** A panel as Grafana reads it. */
export function panelModel(panel: Panel, id: number, gridPos: Place): object {
  const { title, description, kind = 'lines', queries } = panel;
  return {
    id,
    type: { lines: 'timeseries', now: 'stat', states: 'state-timeline' }[kind],
    title,
    ...(description !== undefined && { description }),
    datasource: DATA_SOURCE,
    gridPos,
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATA_SOURCE,
      expr,
      legendFormat,
    })),
    fieldConfig: { defaults: { unit: panel.unit, ...looks[kind](panel) }, overrides: [] },
    options: OPTIONS[kind],
  };
}

const thresholds = ({ limit }: Panel) => ({
  mode: 'absolute',
  steps: limit === undefined ? [GREEN] : [GREEN, { color: 'red', value: limit }],
});

const looks = {
  lines: (panel: Panel) => ({
    min: 0,
    ...(panel.max !== undefined && { max: panel.max }),
    ...(panel.limit !== undefined && { thresholds: thresholds(panel) }),
    color: { mode: 'palette-classic' },
    custom: {
      drawStyle: 'line',
      lineWidth: 1,
      fillOpacity: panel.stacked ? 30 : 8,
      showPoints: 'auto',
      pointSize: 4,
      spanNulls: false,
      stacking: { mode: panel.stacked ? 'normal' : 'none', group: 'A' },
      thresholdsStyle: { mode: panel.limit === undefined ? 'off' : 'dashed' },
    },
  }),
  now: (panel: Panel) => ({ min: 0, color: { mode: 'thresholds' }, thresholds: thresholds(panel) }),
  states: () => ({
    color: { mode: 'thresholds' },
    thresholds: {
      mode: 'absolute',
      steps: [
        { color: 'red', value: null },
        { color: 'green', value: 1 },
      ],
    },
    mappings: [{ type: 'value', options: { 0: { text: 'down', color: 'red' }, 1: { text: 'up', color: 'green' } } }],
    custom: { fillOpacity: 70, lineWidth: 0 },
  }),
};

const OPTIONS = {
  lines: {
    legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['lastNotNull', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  now: {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'value',
    graphMode: 'area',
    textMode: 'auto',
  },
  states: {
    mergeValues: true,
    showValue: 'never',
    rowHeight: 0.8,
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'single' },
  },
};
