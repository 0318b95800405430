import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `npm run reset` without npm and without a terminal. The servers' data is outside of the data folder. */
describe('reset', () => {
  const entries = ['servers', 'logs', 'admin-key', 'service-secret', 'world-keys'];
  let folder: string;
  let servers: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reset-'));
    servers = mkdtempSync(join(tmpdir(), 'reset-servers-'));
    symlinkSync(servers, join(folder, 'servers'));
    mkdirSync(join(folder, 'logs'));
    writeFileSync(join(folder, 'admin-key'), 'secret');
    writeFileSync(join(folder, 'service-secret'), 'secret');
    writeFileSync(join(folder, 'world-keys'), 'user key');
    writeFileSync(join(folder, 'mine'), 'kept');
  });
  afterEach(() => {
    for (const made of [folder, servers]) rmSync(made, { recursive: true, force: true });
  });

  async function reset(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [join(__dirname, 'reset.ts'), ...args], {
      env: { ...process.env, DATA_DIR: folder, INFRA: 'local' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
      });
    }
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, output };
  }

  it('lists what it would delete, and deletes nothing without confirmation', async () => {
    const { code, output } = await reset();
    expect(code).toBe(1);
    for (const what of entries) expect(output).toContain(join(folder, what));
    expect(output).toContain(servers);
    expect(output).toContain(
      'Nothing was deleted: no terminal to confirm on. Run `npm run reset -- --yes` to skip the question.',
    );
    expect(existsSync(servers)).toBe(true);
    expect(existsSync(join(folder, 'logs'))).toBe(true);
    expect(readFileSync(join(folder, 'admin-key'), 'utf8')).toBe('secret');
  });

  it('deletes the data of the local system with --yes, and nothing else', async () => {
    const { code, output } = await reset('--yes');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining(join(folder, 'admin-key')) });
    for (const what of [servers, ...entries.map((name) => join(folder, name))]) {
      expect(existsSync(what)).toBe(false);
    }
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('kept');
  });

  it('asks nothing if there is no data', async () => {
    await reset('--yes');
    const { code, output } = await reset();
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('There is no local data') });
  });

  it('rejects other arguments', async () => {
    const { code, output } = await reset('--force');
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('Usage: npm run reset') });
    expect(existsSync(servers)).toBe(true);
  });
});
