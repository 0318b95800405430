/** The servers that `npm test` has started. */
export interface TestServers {
  postgres: string;
  timescaledb: string;
  brokers: string[];
  redis: string;
}

export function testServers(): TestServers {
  const read = (name: string) => {
    const value = process.env[name];
    if (!value)
      throw new Error(`${name} is not set: integration and e2e tests run by \`npm test\`, which starts the servers`);
    return value;
  };
  return {
    postgres: read('TEST_POSTGRES_URL'),
    timescaledb: read('TEST_TIMESCALEDB_URL'),
    brokers: read('TEST_KAFKA_BROKERS').split(','),
    redis: read('TEST_REDIS_URL'),
  };
}

/** The broker's process, where it is one of this machine that a test may freeze; 0 elsewhere. */
export const kafkaPid = (): number => Number(process.env.TEST_KAFKA_PID ?? 0);

/** Likewise PostgreSQL of the write side: the parent of its connections' processes. */
export const postgresPid = (): number => Number(process.env.TEST_POSTGRES_PID ?? 0);

let count = 0;

/** A name that no other test uses, fit for databases, topics and keys. */
export const uniqueName = (): string => `t${process.pid}_${Date.now().toString(36)}_${count++}`;
