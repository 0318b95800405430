import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADVISORY_LOCKS, advisoryLock } from './advisory-locks';

const ROOT = join(__dirname, '../../..');
/** A lock whose number is a literal in the code instead of an entry of the list. */
const BY_NUMBER = /advisory_\w*lock\w*\(\s*-?\d/;

describe('advisory locks', () => {
  const names = Object.keys(ADVISORY_LOCKS) as (keyof typeof ADVISORY_LOCKS)[];

  it('are all distinct', () => {
    expect(new Set(names.map(advisoryLock)).size).toBe(names.length);
  });

  it('share no class with a lock whose number is computed', () => {
    const classesOf = (fixed: boolean) =>
      Object.values(ADVISORY_LOCKS).flatMap((lock) => (/^\d+$/.test(lock.number) === fixed ? [lock.class] : []));
    const open = classesOf(false);
    expect(new Set([...open, ...classesOf(true)]).size).toBe(open.length + new Set(classesOf(true)).size);
  });

  it('are never taken by a literal number', () => {
    const sources = globSync('{libs,services,test/world}/**/*.ts', {
      cwd: ROOT,
      exclude: ['**/node_modules', '**/dist', '**/*spec.ts'],
    });
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((source) => BY_NUMBER.test(readFileSync(join(ROOT, source), 'utf8')))).toEqual([]);
  });
});
