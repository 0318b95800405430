import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Tools } from './tools';

const run = promisify(execFile);

/** The oldest version that the manifests are for. */
const KUBERNETES = '1.30.0';

/** Renders the kustomization in `folder` as YAML. Throws if it is invalid, or a field is unknown or has the wrong type. */
export async function render({ kustomize, validator }: Tools, folder: string): Promise<string> {
  const { stdout: rendered } = await run(kustomize, ['build', folder], { maxBuffer: 16 * 2 ** 20 });
  const temporary = mkdtempSync(join(tmpdir(), 'rendered-'));
  try {
    const file = join(temporary, 'rendered.yaml');
    writeFileSync(file, rendered);
    const env = { ...process.env, PYTHONPATH: validator };
    const options = ['--strict', '--quiet', '--kubernetes-version', KUBERNETES];
    await run('python3', ['-m', 'kubernetes_validate', ...options, file], { env }).catch((error) => {
      throw new Error(`the rendered manifests are invalid: ${error.stdout}${error.stderr}`);
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return rendered;
}
