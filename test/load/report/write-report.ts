import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Assets, reportPage } from './page.ts';
import type { Report } from './report.ts';

/** Writes the report to a folder named by its time. Returns the path of the page. */
export function writeReport(reports: string, report: Report, assets: Assets): string {
  const folder = join(reports, report.date.slice(0, 19).replaceAll(':', '-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  const page = join(folder, 'index.html');
  writeFileSync(page, reportPage(report, assets));
  return page;
}
