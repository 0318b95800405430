import { z } from 'zod';

const port = z.coerce.number('must be a port number').int().min(1).max(65_535);

const hostAndPort = z
  .string('must be host:port')
  .regex(/^[^:\s,]+:\d{1,5}$/, 'must be host:port')
  .transform(readHostAndPort);

const SEVERAL = 'must be host:port, or several separated by commas';
const several = z.string(SEVERAL).regex(/^[^:\s,]+:\d{1,5}(,[^:\s,]+:\d{1,5})*$/, SEVERAL);

const MECHANISMS = 'must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512';

const url = (protocol: RegExp, example: string) => z.url({ protocol, error: `must be a URL like ${example}` });

/** Settings that several services share. */
export const setting = {
  host: z.string().default('127.0.0.1'),
  port,
  hostAndPort,
  hostsAndPorts: several.transform((text) => text.split(',').map(readHostAndPort)),
  databaseUrl: url(/^postgres(ql)?$/, 'postgres://user:password@host:5432/database'),
  poolSize: z.coerce.number().int().min(1).max(500).default(20),
  maxFollowees: z.coerce.number('must be a number').int().min(1).max(1_000_000).default(10_000),
  restoreDays: z.coerce.number('must be a number of days').int().min(1).max(3_650).default(30),
  redisUrl: url(/^rediss?$/, 'redis://host:6379'),
  brokers: several.transform((text) => text.split(',')),
  /** In lower case, as kafkajs expects it. */
  saslMechanism: z
    .string(MECHANISMS)
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['plain', 'scram-sha-256', 'scram-sha-512'], MECHANISMS))
    .optional(),
  text: z.string().optional(),
  /** Prefix of names in Kafka and Redis, so that several systems can share a server. */
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/, 'must consist of letters, digits, dots, underscores and dashes')
    .default(''),
  partitions: z.coerce.number('must be a number of partitions').int().min(1).max(1_000),
  replicas: z.coerce.number('must be a number of brokers').int().min(1).max(7),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  flag: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((text) => text === 'true'),
};

function readHostAndPort(text: string): { host: string; port: number } {
  const [host, number] = text.split(':') as [string, string];
  return { host, port: Number(number) };
}
