import { type Dashboard, dashboardModel } from './dashboard.ts';
import { feedAndIndex } from './feed-and-index.ts';
import { overview } from './overview.ts';
import { services } from './services.ts';
import { writePath } from './write-path.ts';

export const everyDashboard: readonly Dashboard[] = [overview, writePath, feedAndIndex, services];

/** The content of a dashboard's file. */
export const textOf = (dashboard: Dashboard) => `${JSON.stringify(dashboardModel(dashboard), undefined, 2)}\n`;
