import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import type { Log } from '../log';

export interface KafkaSettings {
  brokers: string[];
  clientId: string;
  /** Put before every topic's and group's name, so that several systems can share a broker. */
  prefix: string;
  /** Partitions and copies of topics that are created, and copies without which they refuse events. */
  partitions?: number;
  replicationFactor: number;
  minInsyncReplicas?: number | undefined;
  /** TLS, with the certificate authorities that Node trusts. */
  ssl?: boolean;
  /** How the client authenticates itself, where the broker wants it to. */
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

/** A client of kafkajs whose own messages go to `log`. */
export function connectKafka(settings: KafkaSettings, log: Log, options: Partial<KafkaConfig> = {}): Kafka {
  return new Kafka({
    clientId: settings.clientId,
    brokers: settings.brokers,
    ssl: settings.ssl ?? false,
    // kafkajs has a type for each mechanism, of which ours is the union.
    sasl: settings.sasl as SASLOptions | undefined,
    connectionTimeout: 3_000,
    // Short steps: a broker that has just started says for a second or so that it is not ready.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 12 },
    logLevel: logLevel.ERROR,
    logCreator: () => (entry) => {
      const { message, ...fields } = entry.log;
      // A broker's troubles are retried by kafkajs: what matters of them reaches the caller as an error.
      log.warn({ kafka: fields.error ?? fields.groupId }, message);
    },
    ...options,
  });
}
