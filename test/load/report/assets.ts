import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Assets } from './page.ts';

/** The files that are inlined into the page, so that it works offline. */
export function inlinedAssets(): Assets {
  const own = (name: string) => readFileSync(join(import.meta.dirname, 'page', name), 'utf8');
  const chartJs = dirname(createRequire(import.meta.url).resolve('chart.js'));
  return {
    library: readFileSync(join(chartJs, 'chart.umd.min.js'), 'utf8'),
    script: own('charts.js'),
    style: own('page.css'),
  };
}
