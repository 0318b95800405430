import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADVISORY_LOCKS, advisoryLock } from './advisory-locks';

const ROOT = join(__dirname, '../../..');
/** A lock that is taken by a number in the code, which the list does not know. */
const BY_NUMBER = /advisory_\w*lock\w*\(\s*-?\d/;

describe('advisory locks', () => {
  const names = Object.keys(ADVISORY_LOCKS) as (keyof typeof ADVISORY_LOCKS)[];

  it('are all different', () => {
    expect(new Set(names.map(advisoryLock)).size).toBe(names.length);
  });

  it('share no class with one whose number can be any', () => {
    const classesOf = (fixed: boolean) =>
      Object.values(ADVISORY_LOCKS).flatMap((lock) => (/^\d+$/.test(lock.number) === fixed ? [lock.class] : []));
    const open = classesOf(false);
    expect(new Set([...open, ...classesOf(true)]).size).toBe(open.length + new Set(classesOf(true)).size);
  });

  it('are taken by their name in the list alone', () => {
    const sources = globSync('{libs,services,test/world}/**/*.ts', {
      cwd: ROOT,
      exclude: ['**/node_modules', '**/dist', '**/*spec.ts'],
    });
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((source) => BY_NUMBER.test(readFileSync(join(ROOT, source), 'utf8')))).toEqual([]);
  });
});
