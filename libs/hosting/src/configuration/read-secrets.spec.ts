import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './read-config';
import { setting } from './settings';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string): string {
  const file = join(folder, String(Math.random()));
  writeFileSync(file, content);
  return file;
}

const shape = { DATABASE_URL: setting.databaseUrl, KAFKA_SASL_PASSWORD: setting.text, HOST: setting.host };
const DATABASE_URL = 'postgres://me@db:5432/feed';

/** The error message of reading `environment`. */
function messageOf(environment: Record<string, string>): string {
  try {
    readConfig(shape, environment);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('reading did not fail');
}

describe('secrets', () => {
  it('are read from the file that X_FILE names, without the trailing newline', () => {
    const config = readConfig(shape, {
      DATABASE_URL_FILE: fileOf(`${DATABASE_URL}\n`),
      KAFKA_SASL_PASSWORD_FILE: fileOf(' two\nlines \r\n'),
    });
    expect(config).toMatchObject({ DATABASE_URL, KAFKA_SASL_PASSWORD: ' two\nlines ' });
  });

  it('do not apply _FILE to settings that are not secret', () => {
    expect(readConfig(shape, { DATABASE_URL, HOST_FILE: fileOf('elsewhere') }).HOST).toBe('127.0.0.1');
  });

  it('are refused when set both directly and by file', () => {
    expect(messageOf({ DATABASE_URL, DATABASE_URL_FILE: fileOf(DATABASE_URL) })).toBe(
      'DATABASE_URL and DATABASE_URL_FILE are both set: set only one of them',
    );
  });

  it('report only the file when it cannot be read or is empty', () => {
    expect(messageOf({ DATABASE_URL_FILE: '/no/such/file' })).toBe(
      'DATABASE_URL_FILE is "/no/such/file": the file cannot be read (ENOENT)',
    );
    const empty = fileOf('\n');
    expect(messageOf({ DATABASE_URL_FILE: empty })).toBe(`DATABASE_URL_FILE is "${empty}": the file is empty`);
  });

  it('never appear in error messages, even when read from a file', () => {
    expect(messageOf({ DATABASE_URL_FILE: fileOf('hunter2') })).toBe(
      'DATABASE_URL is set to an invalid value (not shown): must be a URL like postgres://user:password@host:5432/database',
    );
  });
});

describe('a password beside its URL', () => {
  const password = "a:b/c@d%41?#' é";

  it('is inserted into the URL, whatever characters it contains', () => {
    const { DATABASE_URL: url } = readConfig(shape, { DATABASE_URL, DATABASE_PASSWORD: password });
    expect(decodeURIComponent(new URL(url).password)).toBe(password);
    expect(url).toMatch(/^postgres:\/\/me:[^@/]+@db:5432\/feed$/);
  });

  it('is inserted into a URL without a user', () => {
    const config = readConfig(
      { REDIS_URL: setting.redisUrl },
      { REDIS_URL: 'redis://redis:6379', REDIS_PASSWORD: 's' },
    );
    expect(config.REDIS_URL).toBe('redis://:s@redis:6379');
  });

  it('can be read from a file', () => {
    const config = readConfig(shape, { DATABASE_URL, DATABASE_PASSWORD_FILE: fileOf('s3cret\n') });
    expect(config.DATABASE_URL).toBe('postgres://me:s3cret@db:5432/feed');
  });

  it('is refused when the URL contains a password too', () => {
    expect(messageOf({ DATABASE_URL: 'postgres://me:old@db:5432/feed', DATABASE_PASSWORD: 'new' })).toBe(
      'DATABASE_PASSWORD is set and DATABASE_URL contains a password: set only one of them',
    );
  });

  it('does not hide that the URL is invalid', () => {
    expect(messageOf({ DATABASE_URL: 'db', DATABASE_PASSWORD: 'new' })).toContain(
      'DATABASE_URL is set to an invalid value',
    );
  });
});
