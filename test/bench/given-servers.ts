import type { ServerAddresses } from '../../infra/settings.ts';

/** The servers that `npm test` started, for the smoke run. Undefined if the variables are not set. */
export function givenServers(env: NodeJS.ProcessEnv): ServerAddresses | undefined {
  const postgres = env.TEST_POSTGRES_URL;
  const timescaledb = env.TEST_TIMESCALEDB_URL;
  const kafka = env.TEST_KAFKA_BROKERS;
  const redis = env.TEST_REDIS_URL;
  return postgres && timescaledb && kafka && redis ? { postgres, timescaledb, kafka, redis } : undefined;
}
