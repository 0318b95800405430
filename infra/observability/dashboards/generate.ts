import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyDashboard, textOf } from './every-dashboard.ts';

const folder = join(import.meta.dirname, '../grafana/dashboards');

for (const dashboard of everyDashboard) writeFileSync(join(folder, `${dashboard.name}.json`), textOf(dashboard));
