import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardModel } from './dashboard.ts';
import { everyDashboard, textOf } from './every-dashboard.ts';

const FOLDER = join(__dirname, '../grafana/dashboards');

interface Model {
  uid: string;
  panels: { id: number; title: string; gridPos: { x: number; y: number; w: number; h: number } }[];
}

describe('the dashboards', () => {
  it('are in files of their own, and nothing else is', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(everyDashboard.map(({ name }) => `${name}.json`).sort());
  });

  it.each(everyDashboard.map((dashboard) => [dashboard.name, dashboard] as const))(
    '%s: the file is what `npm run docs` writes',
    (name, dashboard) => {
      expect(readFileSync(join(FOLDER, `${name}.json`), 'utf8')).toBe(textOf(dashboard));
    },
  );

  it.each(everyDashboard.map((dashboard) => [dashboard.name, dashboard] as const))(
    '%s: panels have different titles within a row, and do not overlap',
    (_, dashboard) => {
      const { panels } = dashboardModel(dashboard) as Model;
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      for (const { panels } of dashboard.rows)
        expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    },
  );
});
