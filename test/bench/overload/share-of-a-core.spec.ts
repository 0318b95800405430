import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CGROUPS, holdToShare } from './share-of-a-core.ts';

const described = mayMakeCgroups() ? describe : describe.skip;

function mayMakeCgroups(): boolean {
  try {
    accessSync(CGROUPS, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

described('a share of a core (needs the right to make cgroups)', () => {
  let child: ChildProcess;
  let cgroup: string;

  beforeEach(async () => {
    child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    cgroup = join(CGROUPS, `activity-feed-bench-${child.pid}`);
  });
  afterEach(async () => {
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
  });

  it('ends while the process keeps running, and leaves no cgroup behind', () => {
    const release = holdToShare([child.pid as number], 0.5);
    expect(readFileSync(join(cgroup, 'cgroup.procs'), 'utf8')).toBe(`${child.pid}\n`);
    release?.();
    expect(existsSync(cgroup)).toBe(false);
  });

  it('takes over a cgroup that was left behind', () => {
    mkdirSync(cgroup);
    const release = holdToShare([child.pid as number], 0.5);
    expect(release).toBeDefined();
    release?.();
    expect(existsSync(cgroup)).toBe(false);
  });
});
