import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../test/harness/eventually.ts';
import { run } from './run.ts';

/** Starts a process that ignores SIGTERM and writes its id to a file. Ends at SIGTERM itself, and leaves it behind. */
const PROGRAM = `
const { spawn } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);"
  + "require('node:fs').writeFileSync(process.argv[1], String(process.pid))";
spawn(process.execPath, ['-e', stubborn, process.argv[1]], { stdio: 'ignore' });
setInterval(() => {}, 1000);
`;

describe('run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves no process behind that outlives an aborted command', async () => {
    const file = join(folder, 'pid');
    const stop = new AbortController();
    const options = { signal: stop.signal, output: 'inherit', graceMs: 300 } as const;
    const running = run(process.execPath, ['-e', PROGRAM, file], options).catch((error: Error) => error.message);
    await eventually('the process is started', () => existsSync(file) && readFileSync(file, 'utf8') !== '');
    const pid = Number(readFileSync(file, 'utf8'));
    expect(isRunning(pid)).toBe(true);
    stop.abort(new Error('stopped'));
    expect(await running).toBe('stopped');
    await eventually('the process has ended', () => !isRunning(pid));
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A killed process may remain as a zombie.
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}
