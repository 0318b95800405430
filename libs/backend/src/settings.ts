import type { KafkaSettings } from '@activity-feed/eventing';
import { readConfig, setting } from '@activity-feed/hosting';
import type { z } from 'zod';

const kafka = {
  KAFKA_BROKERS: setting.brokers,
  KAFKA_PREFIX: setting.prefix,
  KAFKA_REPLICATION_FACTOR: setting.replicationFactor,
  /** Whether the brokers are spoken to over TLS. */
  KAFKA_SSL: setting.flag,
  KAFKA_SASL_MECHANISM: setting.saslMechanism,
  KAFKA_SASL_USERNAME: setting.text,
  KAFKA_SASL_PASSWORD: setting.text,
};

const SASL = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'];

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

/** Reads the settings of a service behind the gateway: those that all of them have, and its own `shape`. */
export const readServiceConfig = <Shape extends z.ZodRawShape>(shape: Shape, environment = process.env) =>
  readConfig({ ...serviceSettings, ...shape }, environment, [SASL]);

/** How the service `clientId` reaches the broker. */
export function kafkaSettings(clientId: string, settings: Values<typeof kafka>): KafkaSettings {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username = '' } = settings;
  const { KAFKA_SASL_PASSWORD: password = '' } = settings;
  return {
    brokers: settings.KAFKA_BROKERS,
    clientId,
    prefix: settings.KAFKA_PREFIX,
    replicationFactor: settings.KAFKA_REPLICATION_FACTOR,
    ssl: settings.KAFKA_SSL,
    ...(mechanism && { sasl: { mechanism, username, password } }),
  };
}
