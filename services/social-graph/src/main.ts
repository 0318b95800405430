import { migrate, runService } from '@activity-feed/backend';
import { boot, createLogger } from '@activity-feed/hosting';
import { socialGraphModule } from './app.module';
import { readConfiguration } from './configuration';
import { migrations } from './database/migrations';

boot('social-graph', async () => {
  const configuration = readConfiguration();
  const logger = createLogger('social-graph', configuration.LOG_LEVEL);
  await migrate(configuration.DATABASE_URL, migrations, logger);
  await runService(socialGraphModule(configuration, logger), configuration, logger);
});
