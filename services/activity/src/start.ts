import { migrate, runService } from '@activity-feed/backend';
import { createLogger, type Starting, type StartingHealth } from '@activity-feed/hosting';
import { activityModule } from './app.module';
import { readConfiguration } from './configuration';
import { migrations } from './database/migrations';

export async function start(starting: Starting, health: StartingHealth): Promise<void> {
  const configuration = readConfiguration();
  const logger = createLogger(starting.service, configuration.LOG_LEVEL);
  await runService(starting, health, {
    settings: configuration,
    logger,
    database: { name: 'postgres', prepare: () => migrate(configuration.DATABASE_URL, migrations, logger) },
    module: () => activityModule(configuration, logger),
  });
}
