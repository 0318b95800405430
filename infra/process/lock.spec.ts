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

  it('is taken by one process; the next one gets the pid of the holder', () => {
    expect(takeLock(file)).toBeUndefined();
    expect(takeLock(file)).toBe(process.pid);
    releaseLock(file);
    expect(existsSync(file)).toBe(false);
    expect(takeLock(file)).toBeUndefined();
  });

  it.each([
    ['whose holder has ended', '4194304 1'],
    ['whose pid now belongs to another process', `${process.pid} 1`],
    ['with an empty file', ''],
  ])('%s is taken over', (_case, content) => {
    writeFileSync(file, content);
    expect(takeLock(file)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['lock']);
  });
});
