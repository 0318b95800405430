import { DATA_SOURCE, heightOf, type Panel, panelModel, widthOf } from './panels.ts';

export interface Dashboard {
  /** The name of its file, and the end of its address. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
  /** Variables besides the data source. */
  readonly variables?: readonly object[];
}

const TAG = 'activity-feed';
const PAGE_WIDTH = 24;
/** Of the classic format that Grafana reads since version 12. */
const SCHEMA_VERSION = 41;

/** A dashboard as Grafana reads it from a file. */
export function dashboardModel({ name, title, description, rows, variables = [] }: Dashboard): object {
  return {
    uid: `${TAG}-${name}`,
    title: `Activity feed: ${title}`,
    description,
    tags: [TAG],
    schemaVersion: SCHEMA_VERSION,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    links: [LINKS],
    templating: { list: [DATA_SOURCE_VARIABLE, ...variables] },
    panels: panelsOf(rows),
  };
}

/** A menu of all dashboards. */
const LINKS = {
  type: 'dashboards',
  title: 'Dashboards',
  tags: [TAG],
  asDropdown: true,
  keepTime: true,
  includeVars: false,
  targetBlank: false,
  icon: 'external link',
  tooltip: '',
  url: '',
};

const DATA_SOURCE_VARIABLE = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: DATA_SOURCE.type,
  refresh: 1,
};

/** Places the panels of each row from left to right, in as many lines as they need. */
function panelsOf(rows: Dashboard['rows']): object[] {
  const models: object[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    const id = models.length + 1;
    models.push({
      id,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y: y++, w: PAGE_WIDTH, h: 1 },
      panels: [],
    });
    let x = 0;
    let height = 0;
    for (const panel of panels) {
      if (x + widthOf(panel) > PAGE_WIDTH) {
        y += height;
        x = height = 0;
      }
      models.push(panelModel(panel, models.length + 1, { x, y, w: widthOf(panel), h: heightOf(panel) }));
      x += widthOf(panel);
      height = Math.max(height, heightOf(panel));
    }
    y += height;
  }
  return models;
}
