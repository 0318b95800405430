import { randomUUID } from 'node:crypto';
import { type Logger, nestLogger } from '@activity-feed/hosting';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { allowOrigins, answerPreflights } from './allow-origins/allow-origins';
import { addHeaders } from './answer-headers/answer-headers';
import { gatewayModule } from './app.module';
import { guardRequests } from './authenticate/access';
import { Identities } from './authenticate/identities';
import { Tickets } from './authenticate/tickets';
import { type Configuration, mostOpen } from './configuration';
import { CONNECTION_LIMITS, type ConnectionLimits, serverOptions } from './connections/connection-limits';
import { Connections } from './connections/connections';
import { limitPipelining } from './connections/limit-pipelining';
import { refuseHeads } from './connections/refuse-heads';
import { UnreadableRequests } from './connections/unreadable-requests';
import { refuseOtherMethods } from './error-answers/refuse-other-methods';
import { unroutableUrls } from './error-answers/unroutable-urls';
import { RateLimiter } from './limit-rates/rate-limiter';
import { warnOfProxies } from './limit-rates/unlisted-proxies';
import { serveDocument } from './openapi/document';
import { BODY_LIMIT, readJson } from './read-body/read-json';
import { acceptIdempotencyKeys } from './repeat-requests/accept-keys';
import { logRequests } from './request-log/request-log';
import { shedLoad } from './shed-load';
import { traceRequests } from './trace-requests/trace-requests';

/** Creates the gateway without listening. */
export async function createGateway(
  configuration: Configuration,
  logger: Logger,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): Promise<NestFastifyApplication> {
  const connections = new Connections();
  const unreadable = new UnreadableRequests(connections, logger);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    trustProxy: configuration.TRUSTED_PROXIES ?? false,
    // Requests during the shutdown are answered and their connections closed: the services stop after the gateway.
    return503OnClosing: false,
    requestTimeout: limits.requestTimeout,
    http: serverOptions(limits),
    // Routes check their parameters' lengths: the router's own limit would answer before the key is checked.
    routerOptions: { maxParamLength: Number.MAX_SAFE_INTEGER },
    ...unroutableUrls,
    clientErrorHandler: unreadable.refuse,
  });
  const fastify = adapter.getInstance();
  const routesAreComplete = refuseOtherMethods(fastify);
  acceptIdempotencyKeys(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(gatewayModule(configuration, logger), adapter, {
    logger: nestLogger(logger),
    abortOnError: false,
    bodyParser: false,
  });
  connections.follow(fastify);
  addHeaders(fastify);
  allowOrigins(fastify, configuration.CORS_ORIGINS);
  traceRequests(fastify);
  logRequests(fastify, { logger, sample: configuration.REQUEST_LOG_SAMPLE });
  shedLoad(fastify, logger, { mostOpen: mostOpen(configuration) });
  limitPipelining(fastify, connections, logger);
  refuseHeads(fastify);
  unreadable.refuseTunnels(fastify);
  answerPreflights(fastify, configuration.CORS_ORIGINS);
  readJson(fastify);
  const guards = {
    identities: app.get(Identities),
    tickets: app.get(Tickets),
    limiter: app.get(RateLimiter),
    warnOfProxy: warnOfProxies(logger),
  };
  guardRequests(fastify, guards, configuration.ADMIN_KEY);
  serveDocument(app);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await app.init();
  routesAreComplete();
  return app;
}
