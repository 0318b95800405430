import { migrate, runService } from '@activity-feed/backend';
import { boot, createLogger } from '@activity-feed/hosting';
import { prepareViews } from './aggregates/prepare-views';
import { feedModule } from './app.module';
import { readConfiguration } from './configuration';
import { setChunkInterval } from './database/chunk-interval';
import { migrations } from './database/migrations';

boot('feed', async () => {
  const configuration = readConfiguration();
  const logger = createLogger('feed', configuration.LOG_LEVEL);
  await migrate(configuration.DATABASE_URL, migrations, logger);
  await setChunkInterval(configuration.DATABASE_URL, configuration.ACTIVITIES_CHUNK_INTERVAL);
  await prepareViews(configuration.DATABASE_URL, logger);
  // Gateways reach it over the link alone.
  const { HOST, HTTP_PORT } = configuration;
  await runService(feedModule(configuration, logger), { HOST, HTTP_PORT }, logger);
});
