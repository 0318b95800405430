import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertPortsDiffer, infraSettings, serversToRun, servicePorts, serviceSettings } from './settings.ts';

const start = (env: Record<string, string> = {}) => infraSettings('/project', env, 'start');
const test = (env: Record<string, string> = {}) => infraSettings('/project', env, 'test');

describe('infraSettings', () => {
  it('runs all four servers on default ports if nothing is set', () => {
    expect(serversToRun(start())).toEqual(['postgres', 'timescaledb', 'kafka', 'redis']);
    expect(start().ports.postgres).toEqual({ variable: 'POSTGRES_PORT', port: 55432 });
    expect(start().dataFolder).toBe('/project/.data');
    expect(start().choice).toBeUndefined();
  });

  it('uses Compose projects whose names differ from that of a deployment', () => {
    expect([start().name, test().name]).toEqual(['activity-feed-local', 'activity-feed-test']);
  });

  it('gives a test run other ports and its own folder in the data folder', () => {
    expect(test().ports.kafka).toEqual({ variable: 'TEST_KAFKA_PORT', port: 26092 });
    expect(test({ POSTGRES_PORT: '1234' }).ports.postgres.port).toBe(26432);
    expect(test({ DATA_DIR: '/elsewhere' }).dataFolder).toBe('/elsewhere/test');
  });

  it('does not run a server that has an outside address', () => {
    const settings = start({ POSTGRES_URL: 'postgres://me:secret@db:5432', KAFKA_BROKERS: 'a:9092, b:9092' });
    expect(serversToRun(settings)).toEqual(['timescaledb', 'redis']);
    expect(settings.outside).toEqual({ postgres: 'postgres://me:secret@db:5432', kafka: 'a:9092,b:9092' });
  });

  it('treats an empty variable as not set', () => {
    expect(start({ POSTGRES_PORT: '', INFRA: ' ', REDIS_URL: '' })).toEqual(start());
  });

  it.each([
    ['REDIS_PORT', '0', 'REDIS_PORT is "0"; it must be a port, a whole number from 1 to 65535.'],
    ['REDIS_PORT', '6379a', 'REDIS_PORT is "6379a"; it must be a port, a whole number from 1 to 65535.'],
    ['INFRA', 'podman', 'INFRA is "podman"; it must be docker or local.'],
    ['REDIS_URL', 'db:6379', 'REDIS_URL is "db:6379"; it must be a URL that begins with redis:// or rediss://.'],
    ['KAFKA_BROKERS', 'a', 'KAFKA_BROKERS is "a"; it must be a list of host:port, separated by commas.'],
  ])('rejects %s=%s', (variable, value, message) => {
    expect(() => start({ [variable]: value })).toThrow(message);
  });

  it('rejects a URL with a database name', () => {
    expect(() => start({ POSTGRES_URL: 'postgres://db:5432/mine' })).toThrow('without a database name');
  });
});

describe('serviceSettings', () => {
  it('has an HTTP port for each service, an RPC port for all but the gateway, and a port for the gateway’s metrics', () => {
    expect(servicePorts(serviceSettings({})).map(({ port }) => port)).toEqual([
      5101, 5001, 5102, 5002, 5103, 5003, 5000, 5010,
    ]);
  });
});

describe('the admin key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'admin-key-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'key');
  writeFileSync(file, '0123456789\n');

  it('comes from a variable or from a file', () => {
    expect(serviceSettings({ ADMIN_KEY: 'abcdefgh' }).adminKey).toBe('abcdefgh');
    expect(serviceSettings({ ADMIN_KEY_FILE: file }).adminKey).toBe('0123456789');
    expect(serviceSettings({}).adminKey).toBeUndefined();
  });

  it('is rejected if both are set or the file cannot be read', () => {
    expect(() => serviceSettings({ ADMIN_KEY: 'abcdefgh', ADMIN_KEY_FILE: file })).toThrow(
      'ADMIN_KEY and ADMIN_KEY_FILE are both set',
    );
    expect(() => serviceSettings({ ADMIN_KEY_FILE: join(folder, 'none') })).toThrow('ADMIN_KEY_FILE cannot be read');
  });
});

describe('assertPortsDiffer', () => {
  it('names both settings that have the same port', () => {
    const ports = servicePorts(serviceSettings({ FEED_PORT: '5001' }));
    expect(() => assertPortsDiffer(ports)).toThrow('SOCIAL_GRAPH_PORT and FEED_PORT are both 5001');
  });
});
