import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../infra/local/cache-folder';
import { FOLDER } from './manifests';

const run = promisify(execFile);
const PROGRAM = join(FOLDER, 'validate');

/** Whether Go is installed, which builds the program that renders and validates. */
export const hasGo = (): boolean => spawnSync('go', ['version']).status === 0;

/** Part of the title of tests that are skipped without Go. */
export const needsGo = '(needs Go: https://go.dev/doc/install)';

/** Renders the kustomization in `folder` as YAML. Throws if it is invalid. */
export async function render(folder: string): Promise<string> {
  const { stdout } = await run(await program(), [folder], { maxBuffer: 16 * 2 ** 20 });
  return stdout;
}

/** The built program, cached until its source or modules change. */
async function program(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(PROGRAM, file)));
  const built = join(cacheFolder(), `kubernetes-validate-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(built)) return built;
  mkdirSync(dirname(built), { recursive: true });
  const temporary = mkdtempSync(`${built}.tmp-`);
  try {
    await run('go', ['build', '-o', join(temporary, 'validate'), '.'], { cwd: PROGRAM });
    renameSync(join(temporary, 'validate'), built);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return built;
}
