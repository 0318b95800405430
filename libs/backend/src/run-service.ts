import 'reflect-metadata';
import {
  endConnectionsOf,
  endProcessWith,
  type Logger,
  nestLogger,
  STOP_LIMITS,
  type Starting,
  StartingHealth,
} from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { untilAvailable } from './database/until-available';
import { RpcServer } from './rpc/rpc-server';

export interface ServiceSettings {
  HOST: string;
  /** Health and metrics. */
  HTTP_PORT: number;
  /** Commands and queries over Nest's TCP transport; unset for a service without it. */
  RPC_PORT?: number;
  /** What gateways must know to send messages; unset for none. */
  SERVICE_SECRET?: string | undefined;
}

export interface ServiceParts {
  settings: ServiceSettings;
  logger: Logger;
  /** The database's name among the dependencies, and its migration. */
  database: { name: string; prepare(): Promise<void> };
  /** Called once the database is up to date. */
  module(): DynamicModule;
}

/**
 * Runs a service behind the gateway: messages over Nest's TCP transport, health checks and metrics over HTTP. Readiness
 * is `starting` until the service answers; a database that is unavailable is waited for.
 */
export async function runService(starting: Starting, health: StartingHealth, parts: ServiceParts): Promise<void> {
  const { settings, logger, database, module } = parts;
  endProcessWith(logger);
  const { HOST: host, HTTP_PORT, RPC_PORT, SERVICE_SECRET } = settings;
  await prepare(database, health, logger);

  const adapter = new FastifyAdapter({ serverFactory: health.serverFactory });
  const app = await NestFactory.create<NestFastifyApplication>(module(), adapter, {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  if (RPC_PORT !== undefined) {
    const strategy = new RpcServer({ host, port: RPC_PORT }, logger, SERVICE_SECRET);
    app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
  }
  await app.init();
  await adapter.getInstance().ready();
  endConnectionsOf(app.getHttpServer(), STOP_LIMITS.finish);
  // From here on there are requests to finish before the process may exit.
  starting.handOverSignals();
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.startAllMicroservices();
  health.handOver();
  logger.info({ rpc: RPC_PORT && `${host}:${RPC_PORT}`, http: `${host}:${HTTP_PORT}` }, 'service is up');
}

async function prepare(
  { name, prepare }: ServiceParts['database'],
  health: StartingHealth,
  logger: Logger,
): Promise<void> {
  const work = () => {
    health.dependencies[name] = 'migrating';
    return prepare();
  };
  await untilAvailable(work, logger, () => {
    health.dependencies[name] = 'down';
  });
}
