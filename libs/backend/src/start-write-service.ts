import { createLogger, type Logger, type Starting, type StartingHealth } from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import { type Migration, migrate } from './database/migrate';
import { runService } from './run-service';
import type { WriteServiceSettings } from './settings';

export interface WriteServiceParts<Configuration extends WriteServiceSettings> {
  /** Throws WrongConfiguration. */
  readConfiguration(): Configuration;
  migrations: Migration[];
  module(configuration: Configuration, logger: Logger): DynamicModule;
}

/** Gives how a write service is started. */
export function writeServiceStart<Configuration extends WriteServiceSettings>({
  readConfiguration,
  migrations,
  module,
}: WriteServiceParts<Configuration>): (starting: Starting, health: StartingHealth) => Promise<void> {
  return async (starting, health) => {
    const configuration = readConfiguration();
    const logger = createLogger(starting.service, configuration.LOG_LEVEL);
    await runService(starting, health, {
      settings: configuration,
      logger,
      database: { name: 'postgres', prepare: () => migrate(configuration.DATABASE_URL, migrations, logger) },
      module: () => module(configuration, logger),
    });
  };
}
