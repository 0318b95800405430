import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminKey } from './through-api.ts';

describe('the admin key', () => {
  let folder: string;
  const keyWith = (env: Record<string, string>) => adminKey('/', { DATA_DIR: folder, ...env });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'admin-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('comes from ADMIN_KEY or from the file that ADMIN_KEY_FILE names', () => {
    writeFileSync(join(folder, 'admin-key'), 'generated\n');
    writeFileSync(join(folder, 'mounted'), 'of a file\n');
    expect(keyWith({ ADMIN_KEY: 'given' })).toBe('given');
    expect(keyWith({ ADMIN_KEY_FILE: join(folder, 'mounted') })).toBe('of a file');
  });

  it('is otherwise the generated key', () => {
    expect(() => keyWith({})).toThrow('set ADMIN_KEY');
    writeFileSync(join(folder, 'admin-key'), 'generated\n');
    expect(keyWith({})).toBe('generated');
  });
});
