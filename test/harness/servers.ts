/** The servers that `npm test` started. */
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
      throw new Error(`${name} is not set. Run integration and e2e tests with \`npm test\`, which starts the servers.`);
    return value;
  };
  return {
    postgres: read('TEST_POSTGRES_URL'),
    timescaledb: read('TEST_TIMESCALEDB_URL'),
    brokers: read('TEST_KAFKA_BROKERS').split(','),
    redis: read('TEST_REDIS_URL'),
  };
}

/** The broker's pid, if it is a local process that tests may freeze. Otherwise 0. */
export const kafkaPid = (): number => Number(process.env.TEST_KAFKA_PID ?? 0);

/** The pid of the write side's PostgreSQL (the parent of its backends), if it is a local process. Otherwise 0. */
export const postgresPid = (): number => Number(process.env.TEST_POSTGRES_PID ?? 0);

let count = 0;

/** A unique name for databases, topics and keys. */
export const uniqueName = (): string => `t${process.pid}_${Date.now().toString(36)}_${count++}`;
