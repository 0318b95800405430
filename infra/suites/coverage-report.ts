import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import libCoverage from 'istanbul-lib-coverage';
import libReport from 'istanbul-lib-report';
import reports from 'istanbul-reports';
import { runOrFail } from '../process/run.ts';

/** Converts the coverage that processes wrote (NODE_V8_COVERAGE) to lines of their source files. */
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
      // Without it all files are held in memory at once.
      '--merge-async',
    ],
    { signal },
  );
}

/** Merges the reports of all runs. Writes HTML to `target` and a summary to the console. */
export function writeCoverageReport(reportFolders: readonly string[], target: string): void {
  const coverageMap = libCoverage.createCoverageMap();
  // A failed run may have no report.
  for (const file of reportFolders.map((folder) => join(folder, 'coverage-final.json')).filter(existsSync)) {
    coverageMap.merge(JSON.parse(readFileSync(file, 'utf8')));
  }
  const context = libReport.createContext({ dir: target, coverageMap });
  reports.create('html').execute(context);
  reports.create('text-summary').execute(context);
}
