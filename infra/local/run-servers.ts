import { join } from 'node:path';
import { step } from '../console.ts';
import type { ProcessSpec } from '../process/supervised-process.ts';
import { SupervisedProcess } from '../process/supervised-process.ts';
import type { RunningServers } from '../servers/running-servers.ts';
import { type InfraSettings, type ServerName, serversToRun } from '../settings.ts';
import { postgresOwner, serversFolder } from './data-folder.ts';
import { type Installation, install } from './install.ts';
import { kafkaProcess, prepareKafka } from './kafka/server.ts';
import { clusterProcess, makeCluster } from './postgres.ts';
import { redisProcess } from './redis.ts';

const READY_MS = 45_000;

/** Runs the servers that have no outside address as local processes, without Docker or root. */
export async function runLocalServers(settings: InfraSettings, signal: AbortSignal): Promise<RunningServers> {
  process.umask(0o022);
  const names = serversToRun(settings);
  const installation = await install(names, signal);
  const folder = await serversFolder(settings.dataFolder, postgresOwner());
  const running: SupervisedProcess[] = [];
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
  };

  const bringUp = async (name: ServerName) => {
    const server = new SupervisedProcess(await prepare(name, installation, settings, folder, signal));
    signal.throwIfAborted();
    running.push(server);
    server.start();
    await server.ready(READY_MS, signal);
  };
  await step(`Starting ${names.join(', ')}`, async () => {
    const starts = await Promise.allSettled(names.map(bringUp));
    const failed = starts.find((start) => start.status === 'rejected');
    if (!failed) return;
    await stop();
    throw failed.reason;
  });

  const url = (name: ServerName, scheme: string) => `${scheme}127.0.0.1:${settings.ports[name].port}`;
  return {
    addresses: {
      postgres: url('postgres', 'postgres://postgres@'),
      timescaledb: url('timescaledb', 'postgres://postgres@'),
      kafka: url('kafka', ''),
      redis: url('redis', 'redis://'),
      ...settings.outside,
    },
    processes: running,
    stop,
  };
}

async function prepare(
  name: ServerName,
  installation: Installation,
  settings: InfraSettings,
  servers: string,
  signal: AbortSignal,
): Promise<ProcessSpec> {
  const folder = join(servers, name);
  const logFile = join(settings.dataFolder, 'logs', `${name}.log`);
  const { port } = settings.ports[name];
  if (name === 'redis') return redisProcess({ program: installation.redisServer, folder, port, logFile });
  if (name === 'kafka') {
    const controllerPort = settings.ports.kafkaController.port;
    const { java, kafkaJars: jars } = installation;
    const server = { java, jars, folder, port, controllerPort, logFile };
    await prepareKafka(server, signal);
    return kafkaProcess(server);
  }
  const programs = installation.postgresPrograms;
  const cluster = { name, programs, folder, port, owner: postgresOwner(), logFile };
  await makeCluster(cluster, signal);
  return clusterProcess(cluster);
}
