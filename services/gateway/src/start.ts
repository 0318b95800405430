import 'reflect-metadata';
import {
  createLogger,
  DEPENDENCIES,
  endConnectionsOf,
  endProcessWith,
  STOP_LIMITS,
  type Starting,
  serveMetrics,
} from '@activity-feed/hosting';
import { readConfiguration } from './configuration';
import { listen } from './connections/listen';
import { createGateway } from './create-gateway';

export async function start(starting: Starting): Promise<void> {
  const configuration = readConfiguration();
  const logger = createLogger(starting.service, configuration.LOG_LEVEL);
  endProcessWith(logger);
  const { HTTP_PORT: port, HOST: host, METRICS_PORT: metricsPort } = configuration;
  const gateway = await createGateway(configuration, logger);
  // From here on there may be requests to finish before the process exits.
  starting.handOverSignals();
  endConnectionsOf(gateway.getHttpServer(), STOP_LIMITS.requests);
  if (metricsPort !== undefined) await serveMetrics(host, metricsPort, gateway.get(DEPENDENCIES));
  await listen(gateway, host, port);
  logger.info({ http: `${host}:${port}`, metrics: metricsPort && `${host}:${metricsPort}` }, 'gateway is up');
}
