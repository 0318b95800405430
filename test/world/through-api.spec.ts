import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminKey } from './through-api.ts';

describe('the admin key of the system at hand', () => {
  let folder: string;
  const keyWith = (env: Record<string, string>) => adminKey('/', { DATA_DIR: folder, ...env });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'admin-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is that of the environment, or of the file that it names', () => {
    writeFileSync(join(folder, 'admin-key'), 'generated\n');
    writeFileSync(join(folder, 'mounted'), 'of a file\n');
    expect(keyWith({ ADMIN_KEY: 'given' })).toBe('given');
    expect(keyWith({ ADMIN_KEY_FILE: join(folder, 'mounted') })).toBe('of a file');
  });

  it('is else the generated one', () => {
    expect(() => keyWith({})).toThrow('set ADMIN_KEY');
    writeFileSync(join(folder, 'admin-key'), 'generated\n');
    expect(keyWith({})).toBe('generated');
  });
});
