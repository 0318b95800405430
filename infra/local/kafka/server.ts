import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrFail } from '../../process/run.ts';
import type { ProcessSpec } from '../../process/supervised-process.ts';
import { kafkaAnswers } from '../../servers/probes.ts';

export interface KafkaServer {
  readonly java: string;
  readonly jars: string;
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly logFile: string;
  /** Broker settings that override the defaults. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Users created with the storage, as `SCRAM-SHA-256=[name=…,password=…]`. */
  readonly scramUsers?: readonly string[];
}

/** All tests together create a thousand partitions, which fill 256 MB: the collector then takes longer and longer. */
const JVM = ['-Xmx768m', '-Xms64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

function properties(server: KafkaServer, logFolder: string): string {
  const broker = `PLAINTEXT://127.0.0.1:${server.port}`;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `${broker},CONTROLLER://127.0.0.1:${server.controllerPort}`,
    'advertised.listeners': broker,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${server.controllerPort}`,
    'log.dirs': logFolder,
    'num.partitions': 6,
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    // After a kill the controller accepts the broker again only when its old session has expired.
    'broker.session.timeout.ms': 6000,
    // One broker: no replicas, and few partitions, because the first start creates them.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    ...server.settings,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

const LOGGING = `rootLogger.level = WARN
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %m (%c)%n
`;

function java(server: KafkaServer, main: string, ...args: string[]): string[] {
  const logging = `-Dlog4j2.configurationFile=${join(server.folder, 'log4j2.properties')}`;
  return [...JVM, logging, '-cp', join(server.jars, '*'), main, ...args];
}

/** 16 random bytes as text. It never begins with a dash, which the tool would read as an option. */
export function clusterId(bytes = randomBytes(16)): string {
  bytes.writeUInt8(bytes.readUInt8() & 0x7f);
  return bytes.toString('base64url');
}

/** Writes the configuration at each start, because its ports may change; formats the storage at the first start. */
export async function prepareKafka(server: KafkaServer, signal: AbortSignal): Promise<void> {
  const { folder } = server;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'log4j2.properties'), LOGGING);
  writeFileSync(join(folder, 'server.properties'), properties(server, join(folder, 'data')));
  if (existsSync(join(folder, 'data'))) return;
  rmSync(join(folder, 'data.tmp'), { recursive: true, force: true });
  const formatting = join(folder, 'format.properties');
  writeFileSync(formatting, properties(server, join(folder, 'data.tmp')));
  const users = (server.scramUsers ?? []).flatMap((user) => ['--add-scram', user]);
  const storage = ['--standalone', '-t', clusterId(), '-c', formatting, ...users];
  const format = java(server, 'kafka.tools.StorageTool', 'format', ...storage);
  await runOrFail(server.java, format, { signal });
  renameSync(join(folder, 'data.tmp'), join(folder, 'data'));
}

export function kafkaProcess(server: KafkaServer): ProcessSpec {
  return {
    name: 'kafka',
    command: server.java,
    args: java(server, 'kafka.Kafka', join(server.folder, 'server.properties')),
    cwd: server.folder,
    logFile: server.logFile,
    stopSignal: 'SIGTERM',
    graceMs: 5000,
    probe: () => kafkaAnswers(server.port),
  };
}
