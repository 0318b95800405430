import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import type { Log } from '../log';
import { errorInAnswer } from './errors-in-answers';
import { type KafkaObserver, observeRequests } from './observe-requests';
import { restWhenIdle } from './rest-when-idle';
import { waitWhenConsumersAreIdle } from './wait-when-idle';

restWhenIdle();
waitWhenConsumersAreIdle();

export interface KafkaSettings {
  brokers: string[];
  clientId: string;
  /** Prefix of every topic and group name, so that several systems can share a broker. */
  prefix: string;
  /** For topics that are created. */
  partitions?: number;
  /** For topics that are created. */
  replicationFactor: number;
  /** For topics that are created. */
  minInsyncReplicas?: number | undefined;
  /** TLS, with the certificate authorities that Node trusts. */
  ssl?: boolean;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
  observer?: KafkaObserver;
}

/** A kafkajs client that logs to `log`. */
export function connectKafka(settings: KafkaSettings, log: Log, options: Partial<KafkaConfig> = {}): Kafka {
  const kafka = new Kafka({
    clientId: settings.clientId,
    brokers: settings.brokers,
    ssl: settings.ssl ?? false,
    // kafkajs has a separate type for each mechanism.
    sasl: settings.sasl as SASLOptions | undefined,
    connectionTimeout: 3_000,
    // Short pauses: a broker that has just started is not ready for about a second.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 12 },
    logLevel: logLevel.ERROR,
    logCreator: () => (entry) => {
      const answer = settings.observer && errorInAnswer(entry);
      if (answer) settings.observer?.failed(answer.request, answer.error);
      const { message, ...fields } = entry.log;
      // Only warnings: kafkajs retries, and the caller receives the final error.
      log.warn({ kafka: fields.error ?? fields.groupId }, message);
    },
    ...options,
  });
  if (settings.observer) observeRequests(kafka, settings.observer);
  return kafka;
}
