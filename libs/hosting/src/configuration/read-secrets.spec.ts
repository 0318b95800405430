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

/** What reading `environment` fails with. */
function messageOf(environment: Record<string, string>): string {
  try {
    readConfig(shape, environment);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was wrong');
}

describe('secrets', () => {
  it('are read from the file that X_FILE names, without the newline at its end', () => {
    const config = readConfig(shape, {
      DATABASE_URL_FILE: fileOf(`${DATABASE_URL}\n`),
      KAFKA_SASL_PASSWORD_FILE: fileOf(' two\nlines \r\n'),
    });
    expect(config).toMatchObject({ DATABASE_URL, KAFKA_SASL_PASSWORD: ' two\nlines ' });
  });

  it('leave _FILE of other settings alone', () => {
    expect(readConfig(shape, { DATABASE_URL, HOST_FILE: fileOf('elsewhere') }).HOST).toBe('127.0.0.1');
  });

  it('are refused when they are given twice', () => {
    expect(messageOf({ DATABASE_URL, DATABASE_URL_FILE: fileOf(DATABASE_URL) })).toBe(
      'DATABASE_URL and DATABASE_URL_FILE are both set: set only one of them',
    );
  });

  it('name a file that cannot be read or is empty, and nothing else is said of the setting', () => {
    expect(messageOf({ DATABASE_URL_FILE: '/no/such/file' })).toBe(
      'DATABASE_URL_FILE is "/no/such/file": the file cannot be read (ENOENT)',
    );
    const empty = fileOf('\n');
    expect(messageOf({ DATABASE_URL_FILE: empty })).toBe(`DATABASE_URL_FILE is "${empty}": the file is empty`);
  });

  it('never show what a file holds', () => {
    expect(messageOf({ DATABASE_URL_FILE: fileOf('hunter2') })).toBe(
      'DATABASE_URL is set to an invalid value (not shown): must be a URL like postgres://user:password@host:5432/database',
    );
  });
});

describe('a password beside its URL', () => {
  const password = "a:b/c@d%41?#' é";

  it('is put into the URL whatever its characters', () => {
    const { DATABASE_URL: url } = readConfig(shape, { DATABASE_URL, DATABASE_PASSWORD: password });
    expect(decodeURIComponent(new URL(url).password)).toBe(password);
    expect(url).toMatch(/^postgres:\/\/me:[^@/]+@db:5432\/feed$/);
  });

  it('is put into a URL without a user', () => {
    const config = readConfig(
      { REDIS_URL: setting.redisUrl },
      { REDIS_URL: 'redis://redis:6379', REDIS_PASSWORD: 's' },
    );
    expect(config.REDIS_URL).toBe('redis://:s@redis:6379');
  });

  it('may be in a file', () => {
    const config = readConfig(shape, { DATABASE_URL, DATABASE_PASSWORD_FILE: fileOf('s3cret\n') });
    expect(config.DATABASE_URL).toBe('postgres://me:s3cret@db:5432/feed');
  });

  it('is refused beside a password in the URL', () => {
    expect(messageOf({ DATABASE_URL: 'postgres://me:old@db:5432/feed', DATABASE_PASSWORD: 'new' })).toBe(
      'DATABASE_PASSWORD is set and DATABASE_URL contains a password: set only one of them',
    );
  });

  it('changes nothing of a URL that is wrong', () => {
    expect(messageOf({ DATABASE_URL: 'db', DATABASE_PASSWORD: 'new' })).toContain('DATABASE_URL is set to an invalid value');
  });
});
