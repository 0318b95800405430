import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releaseLock, takeLock } from './lock.ts';

describe('a lock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is taken by one, and names its living holder to the next', () => {
    expect(takeLock(file)).toBeUndefined();
    expect(takeLock(file)).toBe(process.pid);
    releaseLock(file);
    expect(existsSync(file)).toBe(false);
    expect(takeLock(file)).toBeUndefined();
  });

  it.each([
    ['whose holder is gone', '4194304 1'],
    ['whose pid is another process by now', `${process.pid} 1`],
    ['that says nothing', ''],
  ])('%s is taken over', (_case, content) => {
    writeFileSync(file, content);
    expect(takeLock(file)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['lock']);
  });
});
