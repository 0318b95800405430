import { execFileSync } from 'node:child_process';

/** A `describe` for tests that run a program of Debian's package prometheus: skipped unless it is installed. */
export function describeWith(program: 'prometheus' | 'promtool', title: string, tests: () => void): void {
  if (isInstalled(program)) describe(title, tests);
  else describe.skip(`${title} (needs ${program}, of Debian’s package prometheus)`, tests);
}

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
