import 'reflect-metadata';
import type { Logger } from '@activity-feed/hosting';
import { endProcessWith, nestLogger } from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

export interface ServiceSettings {
  HOST: string;
  /** Health and metrics. */
  HTTP_PORT: number;
  /** Commands and queries over Nest's TCP transport; none for a service that is spoken to otherwise. */
  RPC_PORT?: number;
}

/** Runs a service behind the gateway: its messages over Nest's TCP transport, its health over HTTP. */
export async function runService(root: DynamicModule, settings: ServiceSettings, logger: Logger): Promise<void> {
  endProcessWith(logger);
  const { HOST: host, HTTP_PORT, RPC_PORT } = settings;
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(), {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  if (RPC_PORT !== undefined) {
    const options = { host, port: RPC_PORT };
    app.connectMicroservice<MicroserviceOptions>({ transport: Transport.TCP, options }, { inheritAppConfig: true });
  }
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.startAllMicroservices();
  await app.listen(HTTP_PORT, host);
  logger.info({ rpc: RPC_PORT && `${host}:${RPC_PORT}`, http: `${host}:${HTTP_PORT}` }, 'service is up');
}
