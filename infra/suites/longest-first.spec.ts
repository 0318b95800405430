import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { LONGEST } = jest.requireActual<{ LONGEST: string[] }>('./longest-first.cjs');

describe('the list of the longest test files', () => {
  it.each(LONGEST)('names files that exist: %s', (file) => {
    expect(existsSync(join(__dirname, '../..', file))).toBe(true);
  });
});
