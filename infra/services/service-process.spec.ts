import { infraSettings, serviceSettings } from '../settings.ts';
import { databaseUrl, type System, serviceEnvironment } from './service-process.ts';

const system: System = {
  infra: infraSettings('/project', {}, 'start'),
  services: serviceSettings({}),
  servers: {
    postgres: 'postgres://postgres@127.0.0.1:55432',
    timescaledb: 'postgres://postgres@127.0.0.1:55433',
    kafka: '127.0.0.1:59092',
    redis: 'redis://127.0.0.1:56379',
  },
  adminKey: 'secret',
  serviceSecret: 'secret between services',
};

describe('databaseUrl', () => {
  it('inserts the database before the options', () => {
    expect(databaseUrl('postgres://me:pw@db:5432?sslmode=require', 'feed')).toBe(
      'postgres://me:pw@db:5432/feed?sslmode=require',
    );
  });
});

describe('serviceEnvironment', () => {
  it('gives the feed its database on the TimescaleDB server', () => {
    expect(serviceEnvironment('feed', system)).toEqual({
      HOST: '127.0.0.1',
      HTTP_PORT: '5103',
      RPC_PORT: '5003',
      DATABASE_URL: 'postgres://postgres@127.0.0.1:55433/feed',
      KAFKA_BROKERS: '127.0.0.1:59092',
      REDIS_URL: 'redis://127.0.0.1:56379',
      SERVICE_SECRET: 'secret between services',
    });
  });

  it('gives the gateway the other services and the admin key, and no database', () => {
    const environment = serviceEnvironment('gateway', system);
    expect(environment).toMatchObject({ ADMIN_KEY: 'secret', ACTIVITY_ADDRESS: '127.0.0.1:5002' });
    expect(environment).not.toHaveProperty('DATABASE_URL');
    expect(environment).not.toHaveProperty('RPC_PORT');
  });

  it('gives social-graph alone the demo users, and no admin key', () => {
    expect(serviceEnvironment('social-graph', system)).toHaveProperty('DEMO_USERS', 'true');
    expect(serviceEnvironment('social-graph', system)).not.toHaveProperty('ADMIN_KEY');
    expect(serviceEnvironment('activity', system)).not.toHaveProperty('DEMO_USERS');
  });
});
