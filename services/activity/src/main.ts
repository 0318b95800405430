import { migrate, runService } from '@activity-feed/backend';
import { boot, createLogger } from '@activity-feed/hosting';
import { activityModule } from './app.module';
import { readConfiguration } from './configuration';
import { migrations } from './database/migrations';

boot('activity', async () => {
  const configuration = readConfiguration();
  const logger = createLogger('activity', configuration.LOG_LEVEL);
  await migrate(configuration.DATABASE_URL, migrations, logger);
  await runService(activityModule(configuration, logger), configuration, logger);
});
