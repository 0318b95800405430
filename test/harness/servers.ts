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

/**
 * A `describe` for tests that start servers of their own. They use the programs of the local servers, so they are
 * skipped unless the test servers run as local processes.
 */
export function describeWithOwnServers(title: string, tests: () => void): void {
  if (process.env.TEST_SERVERS_ARE_LOCAL) describe(title, tests);
  else describe.skip(`${title} (needs servers that run as local processes, for their programs)`, tests);
}

/** A `describe` for tests that read the CPU time of the test servers: skipped unless all of them are local processes. */
export function describeWithLocalServers(title: string, tests: () => void): void {
  if (process.env.TEST_SERVERS_ARE_ALL_LOCAL) describe(title, tests);
  else describe.skip(`${title} (needs servers that run as local processes, for their CPU time)`, tests);
}

/** The pid of the write side's PostgreSQL (the parent of its backends), if it is a local process. Otherwise 0. */
export const postgresPid = (): number => Number(process.env.TEST_POSTGRES_PID ?? 0);

let count = 0;

/** A unique name for databases, topics and keys. */
export const uniqueName = (): string => `t${process.pid}_${Date.now().toString(36)}_${count++}`;
