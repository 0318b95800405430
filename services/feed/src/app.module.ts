import { serviceModule } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import type { Configuration } from './configuration';
import { keptAnswers } from './keep-answers/kept-answers';
import { projection } from './project-activities/projection';
import { refreshing } from './refresh-aggregates/refreshing';
import { reading } from './serve-reads/reading';
import type { ServicePart } from './service-part';

class FeedModule {}

/** One image in three roles: it projects, it reads, or it does both. */
export function feedModule(configuration: Configuration, logger: Logger): DynamicModule {
  const { FEED_ROLE: role } = configuration;
  const answers = keptAnswers(configuration, logger);
  const parts: ServicePart[] = [answers];
  const reader = role === 'projector' ? undefined : reading(configuration, answers.cache, logger);
  if (reader) parts.push(reader);
  if (role !== 'reader') {
    parts.push(projection(configuration, logger, (effects) => reader?.onApplied(effects)));
    parts.push(refreshing(configuration, logger, () => answers.cache.outdate()));
  }
  // If several parts list the same dependency, the first entry wins: the reader's, which knows whether it is required.
  const named = parts
    .flatMap((part) => part.dependencies)
    .map((dependency) => [dependency.name, dependency] as const)
    .reverse();
  const dependencies = [...new Map(named).values()];
  return {
    module: FeedModule,
    imports: [serviceModule(dependencies, logger)],
    providers: parts.flatMap((part) => part.providers),
  };
}
