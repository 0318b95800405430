import { migrate, runService } from '@activity-feed/backend';
import { createLogger, type Logger, type Starting, type StartingHealth } from '@activity-feed/hosting';
import { prepareViews } from './aggregates/prepare-views';
import { feedModule } from './app.module';
import { type Configuration, readConfiguration } from './configuration';
import { migrations } from './database/migrations';
import { setChunkInterval } from './hypertable/chunk-interval';

export async function start(starting: Starting, health: StartingHealth): Promise<void> {
  const configuration = readConfiguration();
  const logger = createLogger(starting.service, configuration.LOG_LEVEL);
  // No Nest TCP port: gateways use the link.
  const { HOST, HTTP_PORT } = configuration;
  await runService(starting, health, {
    settings: { HOST, HTTP_PORT },
    logger,
    database: { name: 'timescaledb', prepare: () => prepareDatabase(configuration, logger) },
    module: () => feedModule(configuration, logger),
  });
}

async function prepareDatabase(configuration: Configuration, logger: Logger): Promise<void> {
  const { DATABASE_URL: url } = configuration;
  await migrate(url, migrations, logger);
  await setChunkInterval(url, configuration.ACTIVITIES_CHUNK_INTERVAL);
  await prepareViews(url, logger);
}
