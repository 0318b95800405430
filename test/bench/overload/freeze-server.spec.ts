import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isServerOf } from './freeze-server.ts';

const described = process.platform === 'linux' ? describe : describe.skip;

described('the process of a server (on Linux)', () => {
  let folder: string;
  let server: ChildProcess;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'data-'));
    server = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(server, 'spawn');
  });
  afterEach(async () => {
    const ended = once(server, 'exit');
    server.stdin?.end();
    await ended;
    rmSync(folder, { recursive: true });
  });

  it('is the process whose working directory is its data folder, even if the path is a symbolic link', () => {
    symlinkSync(folder, join(folder, 'link'));
    expect(isServerOf(server.pid as number, folder)).toBe(true);
    expect(isServerOf(server.pid as number, join(folder, 'link'))).toBe(true);
  });

  it.each([
    ['of another folder', tmpdir()],
    ['of a folder that is not on this machine', '/no/such/folder'],
    ['of a folder that is not known', null],
  ])('is none %s', (_, other) => {
    expect(isServerOf(server.pid as number, other)).toBe(false);
  });
});
