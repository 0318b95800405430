import { serviceModule } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import type { Configuration } from './configuration';
import { projection } from './project-activities/projection';
import { reading } from './read-feed/reading';
import type { ServicePart } from './service-part';

class FeedModule {}

/** One image in three roles: it projects, it reads, or it does both. */
export function feedModule(configuration: Configuration, logger: Logger): DynamicModule {
  const { FEED_ROLE: role } = configuration;
  const parts: ServicePart[] = [];
  const reader = role === 'projector' ? undefined : reading(configuration, logger);
  if (reader) parts.push(reader);
  if (role !== 'reader') parts.push(projection(configuration, logger, (effects) => reader?.onApplied(effects)));
  const named = parts.flatMap((part) => part.dependencies).map((dependency) => [dependency.name, dependency] as const);
  const dependencies = [...new Map(named).values()];
  return {
    module: FeedModule,
    imports: [serviceModule(dependencies, logger)],
    providers: parts.flatMap((part) => part.providers),
  };
}
