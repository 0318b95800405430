import type { KafkaSettings } from '@activity-feed/eventing';
import { setting } from '@activity-feed/hosting';
import type { z } from 'zod';

const kafka = {
  KAFKA_BROKERS: setting.brokers,
  KAFKA_PREFIX: setting.prefix,
  KAFKA_REPLICATION_FACTOR: setting.replicationFactor,
};

/** Settings of every service behind the gateway. */
export const serviceSettings = {
  HOST: setting.host,
  HTTP_PORT: setting.port,
  RPC_PORT: setting.port,
  DATABASE_URL: setting.databaseUrl,
  DATABASE_POOL_SIZE: setting.poolSize,
  ...kafka,
  LOG_LEVEL: setting.logLevel,
};

/** Settings of both write services. */
export const writeServiceSettings = { ...serviceSettings, REDIS_URL: setting.redisUrl, REDIS_PREFIX: setting.prefix };

type Values<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>>;
export type WriteServiceSettings = Values<typeof writeServiceSettings>;

/** How the service `clientId` reaches the broker. */
export function kafkaSettings(clientId: string, settings: Values<typeof kafka>): KafkaSettings {
  return {
    brokers: settings.KAFKA_BROKERS,
    clientId,
    prefix: settings.KAFKA_PREFIX,
    replicationFactor: settings.KAFKA_REPLICATION_FACTOR,
  };
}
