import { kafkaSettings, readServiceConfig } from './settings';

const needed = {
  HTTP_PORT: '5100',
  RPC_PORT: '5101',
  DATABASE_URL: 'postgres://me@db:5432/activity',
  KAFKA_BROKERS: 'kafka:9092',
};
const sasl = {
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SASL_USERNAME: 'services',
  KAFKA_SASL_PASSWORD: 'secret',
};
const read = (more: Record<string, string> = {}) => readServiceConfig({}, { ...needed, ...more });

describe('Kafka settings', () => {
  it('configure SASL authentication', () => {
    expect(kafkaSettings('feed', read(sasl)).sasl).toEqual({
      mechanism: 'scram-sha-512',
      username: 'services',
      password: 'secret',
    });
    expect(kafkaSettings('feed', read())).not.toHaveProperty('sasl');
  });

  it.each(Object.keys(sasl))('are refused when %s alone is missing for SASL', (name) => {
    const others = Object.keys(sasl).filter((other) => other !== name);
    expect(() => read({ ...sasl, [name]: '' })).toThrow(`${name} is not set: required with ${others.join(' and ')}`);
  });

  it('configure how topics are created', () => {
    expect(kafkaSettings('feed', read())).toMatchObject({ partitions: 6, replicationFactor: 1 });
    const more = { TOPIC_PARTITIONS: '48', KAFKA_REPLICATION_FACTOR: '3', KAFKA_MIN_INSYNC_REPLICAS: '2' };
    expect(kafkaSettings('feed', read(more))).toMatchObject({
      partitions: 48,
      replicationFactor: 3,
      minInsyncReplicas: 2,
    });
  });

  it('are refused when more in-sync replicas are required than exist', () => {
    expect(() => read({ KAFKA_REPLICATION_FACTOR: '2', KAFKA_MIN_INSYNC_REPLICAS: '3' })).toThrow(
      'KAFKA_MIN_INSYNC_REPLICAS is "3": must be at most KAFKA_REPLICATION_FACTOR, which is 2',
    );
    expect(() => read({ TOPIC_PARTITIONS: 'many' })).toThrow(
      'TOPIC_PARTITIONS is "many": must be a number of partitions',
    );
  });

  it('are refused with an unsupported SASL mechanism', () => {
    expect(() => read({ ...sasl, KAFKA_SASL_MECHANISM: 'GSSAPI' })).toThrow(
      'KAFKA_SASL_MECHANISM is "GSSAPI": must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512',
    );
  });
});
