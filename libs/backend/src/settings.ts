import { DEFAULT_PARTITIONS } from '@activity-feed/contracts';
import type { KafkaSettings } from '@activity-feed/eventing';
import { assertSecret, readConfig, secretSettings, setting, WrongConfiguration } from '@activity-feed/hosting';
import type { z } from 'zod';
import { observeKafka } from './kafka-metrics';

const kafka = {
  KAFKA_BROKERS: setting.brokers,
  KAFKA_PREFIX: setting.prefix,
  TOPIC_PARTITIONS: setting.partitions.default(DEFAULT_PARTITIONS),
  KAFKA_REPLICATION_FACTOR: setting.replicas.default(1),
  KAFKA_MIN_INSYNC_REPLICAS: setting.replicas.optional(),
  /** Whether to connect to the brokers over TLS. */
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
  ...secretSettings,
  DATABASE_URL: setting.databaseUrl,
  DATABASE_POOL_SIZE: setting.poolSize,
  ...kafka,
  LOG_LEVEL: setting.logLevel,
};

/** Settings of both write services. */
export const writeServiceSettings = { ...serviceSettings, REDIS_URL: setting.redisUrl, REDIS_PREFIX: setting.prefix };

type Values<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>>;
export type WriteServiceSettings = Values<typeof writeServiceSettings>;

/** Reads the settings that all services behind the gateway share, and the service's own `shape`. */
export function readServiceConfig<Shape extends z.ZodRawShape>(shape: Shape, environment = process.env) {
  const settings = readConfig({ ...serviceSettings, ...shape }, environment, [SASL]);
  assertEnoughReplicas(settings as Values<typeof kafka>);
  assertSecret(settings as Values<typeof secretSettings>);
  return settings;
}

/** With fewer replicas than must be in sync, a topic would reject every event. */
function assertEnoughReplicas(settings: Values<typeof kafka>): void {
  const { KAFKA_MIN_INSYNC_REPLICAS: minimum = 0, KAFKA_REPLICATION_FACTOR: copies } = settings;
  if (minimum <= copies) return;
  throw new WrongConfiguration(
    `KAFKA_MIN_INSYNC_REPLICAS is "${minimum}": must be at most KAFKA_REPLICATION_FACTOR, which is ${copies}`,
  );
}

export function kafkaSettings(clientId: string, settings: Values<typeof kafka>): KafkaSettings {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username = '' } = settings;
  const { KAFKA_SASL_PASSWORD: password = '' } = settings;
  return {
    brokers: settings.KAFKA_BROKERS,
    clientId,
    prefix: settings.KAFKA_PREFIX,
    partitions: settings.TOPIC_PARTITIONS,
    replicationFactor: settings.KAFKA_REPLICATION_FACTOR,
    minInsyncReplicas: settings.KAFKA_MIN_INSYNC_REPLICAS,
    ssl: settings.KAFKA_SSL,
    ...(mechanism && { sasl: { mechanism, username, password } }),
    observer: observeKafka,
  };
}
