import 'reflect-metadata';
import { boot, createLogger, endProcessWith } from '@activity-feed/hosting';
import { readConfiguration } from './configuration';
import { createGateway } from './create-gateway';

boot('gateway', async () => {
  const configuration = readConfiguration();
  const logger = createLogger('gateway', configuration.LOG_LEVEL);
  endProcessWith(logger);
  const gateway = await createGateway(configuration, logger);
  await gateway.listen(configuration.HTTP_PORT, configuration.HOST);
  logger.info({ http: `${configuration.HOST}:${configuration.HTTP_PORT}` }, 'gateway is up');
});
