import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import libCoverage from 'istanbul-lib-coverage';
import libReport from 'istanbul-lib-report';
import reports from 'istanbul-reports';
import { runOrFail } from '../process/run.ts';

/** Turns what processes wrote by themselves (NODE_V8_COVERAGE) into lines of the sources they were built from. */
export async function convertProcessCoverage(v8Folder: string, target: string, signal: AbortSignal): Promise<void> {
  await runOrFail(
    process.execPath,
    [
      join('node_modules', 'c8', 'bin', 'c8.js'),
      'report',
      `--temp-directory=${v8Folder}`,
      `--reports-dir=${target}`,
      '--reporter=json',
      '--exclude-after-remap',
      '--include=services/*/src/**/*.ts',
      '--include=libs/*/src/**/*.ts',
      '--exclude=**/*spec.ts',
      // Otherwise all runs are held in memory at once.
      '--merge-async',
    ],
    { signal },
  );
}

/** Adds up the reports of all runs, as HTML in `target` and as a table on the console. */
export function writeCoverageReport(reportFolders: readonly string[], target: string): void {
  const coverageMap = libCoverage.createCoverageMap();
  // A run that failed may have left no report.
  for (const file of reportFolders.map((folder) => join(folder, 'coverage-final.json')).filter(existsSync)) {
    coverageMap.merge(JSON.parse(readFileSync(file, 'utf8')));
  }
  const context = libReport.createContext({ dir: target, coverageMap });
  reports.create('html').execute(context);
  reports.create('text-summary').execute(context);
}
