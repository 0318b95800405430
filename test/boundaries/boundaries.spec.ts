import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Runs the project's boundary check on a tree that contains only `files`. Returns its output. */
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

/** Forbidden imports with their rules. All share one tree, each with its own files, because each run takes seconds. */
const REFUSED: [rule: string, from: string, to: string][] = [
  ['services-never-import-one-another', 'services/gateway/src/a.ts', 'services/feed/src/b.ts'],
  ['contracts-and-link-import-nothing-of-ours', 'libs/contracts/src/a.ts', 'libs/hosting/src/b.ts'],
  ['eventing-and-hosting-import-only-contracts', 'libs/eventing/src/a.ts', 'libs/backend/src/b.ts'],
  ['libraries-never-import-services', 'libs/backend/src/a.ts', 'services/feed/src/b.ts'],
  ['gateway-has-no-database-and-no-events', 'services/gateway/src/a.ts', 'libs/eventing/src/b.ts'],
  ['product-never-imports-its-surroundings', 'services/feed/src/a.ts', 'test/harness/b.ts'],
  [
    'feed-timeline-index-imports-lower-rooms-alone',
    'services/feed/src/timeline-index/a.ts',
    'services/feed/src/page/b.ts',
  ],
  [
    'feed-hypertable-imports-lower-rooms-alone',
    'services/feed/src/hypertable/a.ts',
    'services/feed/src/aggregates/b.ts',
  ],
  ['gateway-services-imports-lower-rooms-alone', 'services/gateway/src/services/a.ts', 'services/gateway/src/b.ts'],
  ['feed-lists-all-its-rooms', 'services/feed/src/a.ts', 'services/feed/src/attic/b.ts'],
  [
    'queries-of-the-index-lie-above-its-rows',
    'services/feed/src/timeline-index/rows/a.ts',
    'services/feed/src/timeline-index/queries/b.ts',
  ],
];
const REFUSED_PACKAGES: [rule: string, from: string, name: string][] = [
  ['only-the-kafka-port-knows-kafkajs', 'libs/eventing/src/relay/a.ts', 'kafkajs'],
  ['gateway-has-no-database-and-no-events', 'services/gateway/src/a.ts', 'pg'],
];

const numbered = (path: string, number: number) => path.replace('.ts', `${number}.ts`);

describe('the boundary check', () => {
  it('accepts imports that the rules allow', async () => {
    const { failed, output } = await check({
      'services/feed/src/a.ts': "import { b } from '../../../libs/eventing/src/b';\nexport const a = b;\n",
      'libs/eventing/src/b.ts': "import { c } from '../../contracts/src/c';\nexport const b = c;\n",
      'libs/contracts/src/c.ts': 'export const c = 1;\n',
      'services/feed/src/page/d.ts': "import { e } from '../hypertable/e';\nexport const d = e;\n",
      'services/feed/src/hypertable/e.ts': 'export const e = 1;\n',
    });
    expect(output).toContain('no dependency violations found');
    expect(failed).toBe(false);
  });

  describe('on a tree with forbidden imports', () => {
    let result: Awaited<ReturnType<typeof check>>;

    beforeAll(async () => {
      const files: Record<string, string> = {};
      for (const [number, [, from, to]] of REFUSED.entries()) {
        const path = `${'../'.repeat(from.split('/').length - 1)}${numbered(to, number).replace('.ts', '')}`;
        files[numbered(from, number)] = `import { b } from '${path}';\nexport const a = b;\n`;
        files[numbered(to, number)] = 'export const b = 1;\n';
      }
      for (const [number, [, from, name]] of REFUSED_PACKAGES.entries()) {
        files[numbered(from, 100 + number)] = `import * as b from '${name}';\nexport const a = b;\n`;
      }
      result = await check(files);
    });

    it('fails', () => expect(result.failed).toBe(true));

    it.each(REFUSED)('reports the rule %s if %s imports %s', (rule, from, to) => {
      const number = REFUSED.findIndex((one) => one[0] === rule && one[1] === from && one[2] === to);
      expect(result.output).toContain(`${rule}: ${numbered(from, number)}`);
    });

    it.each(REFUSED_PACKAGES)('reports the rule %s if %s imports the package %s', (rule, from, name) => {
      const number = REFUSED_PACKAGES.findIndex((one) => one[2] === name);
      expect(result.output).toContain(`${rule}: ${numbered(from, 100 + number)}`);
    });
  });
});
