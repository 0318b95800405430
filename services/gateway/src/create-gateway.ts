import { randomUUID } from 'node:crypto';
import { type Logger, nestLogger } from '@activity-feed/hosting';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { gatewayModule } from './app.module';
import { guardRequests } from './authenticate/access';
import { Identities } from './authenticate/identities';
import type { Configuration } from './configuration';
import { answersOutsideRoutes } from './error-answers/answer-outside-routes';
import { refuseOtherMethods } from './error-answers/refuse-other-methods';
import { limitPipelining } from './limit-pipelining';
import { serveDocument } from './openapi/document';
import { BODY_LIMIT, readJson } from './read-body/read-json';
import { logRequests } from './request-log/request-log';

/** Milliseconds within which a request must have arrived whole. */
const REQUEST_TIMEOUT = 30_000;

/** The gateway, ready to listen or to be asked for its document. */
export async function createGateway(configuration: Configuration, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    // The services stop after the gateway: what still comes is answered, with the connection closed behind it.
    return503OnClosing: false,
    requestTimeout: REQUEST_TIMEOUT,
    ...answersOutsideRoutes,
  });
  const fastify = adapter.getInstance();
  const routesAreComplete = refuseOtherMethods(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(gatewayModule(configuration, logger), adapter, {
    logger: nestLogger(logger),
    abortOnError: false,
    bodyParser: false,
  });
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  logRequests(fastify, { logger, sample: configuration.REQUEST_LOG_SAMPLE });
  limitPipelining(fastify);
  readJson(fastify);
  guardRequests(fastify, app.get(Identities), configuration.ADMIN_KEY);
  serveDocument(app);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.init();
  routesAreComplete();
  return app;
}
