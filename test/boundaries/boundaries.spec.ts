import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Runs the project's boundary check on a tree that holds just `files`, and gives what it prints. */
async function check(files: Record<string, string>): Promise<{ failed: boolean; output: string }> {
  const tree = mkdtempSync(join(tmpdir(), 'boundaries-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    for (const name of ['tsconfig.base.json', 'tsconfig.imports.json', '.dependency-cruiser.cjs', 'node_modules']) {
      symlinkSync(join(ROOT, name), join(tree, name));
    }
    const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] as string))];
    return await depcruise(tree, ['--config', '.dependency-cruiser.cjs', ...folders]);
  } finally {
    rmSync(tree, { recursive: true });
  }
}

const depcruise = (cwd: string, args: string[]) =>
  new Promise<{ failed: boolean; output: string }>((resolve) => {
    const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    execFile(process.execPath, [program, ...args], { cwd }, (error, stdout) => {
      resolve({ failed: error !== null, output: stdout });
    });
  });

describe('the boundary check', () => {
  it('passes imports that the rooms allow', async () => {
    const { failed, output } = await check({
      'services/feed/src/a.ts': "import { b } from '../../../libs/eventing/src/b';\nexport const a = b;\n",
      'libs/eventing/src/b.ts': "import { c } from '../../contracts/src/c';\nexport const b = c;\n",
      'libs/contracts/src/c.ts': 'export const c = 1;\n',
    });
    expect(output).toContain('no dependency violations found');
    expect(failed).toBe(false);
  });

  it.each([
    ['services-never-import-one-another', 'services/gateway/src/a.ts', 'services/feed/src/b.ts'],
    ['contracts-and-link-import-nothing-of-ours', 'libs/contracts/src/a.ts', 'libs/hosting/src/b.ts'],
    ['eventing-and-hosting-import-only-contracts', 'libs/eventing/src/a.ts', 'libs/backend/src/b.ts'],
    ['libraries-never-import-services', 'libs/backend/src/a.ts', 'services/feed/src/b.ts'],
    ['gateway-has-no-database-and-no-events', 'services/gateway/src/a.ts', 'libs/eventing/src/b.ts'],
    ['product-never-imports-its-surroundings', 'services/feed/src/a.ts', 'test/harness/b.ts'],
  ])('fails by the rule %s when %s imports %s', async (rule, from, to) => {
    const path = `${'../'.repeat(from.split('/').length - 1)}${to.replace('.ts', '')}`;
    const { failed, output } = await check({
      [from]: `import { b } from '${path}';\nexport const a = b;\n`,
      [to]: 'export const b = 1;\n',
    });
    expect(output).toContain(`${rule}: ${from}`);
    expect(failed).toBe(true);
  });

  it.each([
    ['only-the-kafka-port-knows-kafkajs', 'libs/eventing/src/relay/a.ts', 'kafkajs'],
    ['gateway-has-no-database-and-no-events', 'services/gateway/src/a.ts', 'pg'],
  ])('fails by the rule %s when %s imports the package %s', async (rule, from, name) => {
    const { failed, output } = await check({ [from]: `import * as b from '${name}';\nexport const a = b;\n` });
    expect(output).toContain(`${rule}: ${from}`);
    expect(failed).toBe(true);
  });
});
