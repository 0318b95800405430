import { serviceModule } from '@activity-feed/backend';
import type { Logger } from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import type { Configuration } from './configuration';
import { keptAnswersPart } from './kept-answers.part';
import { maintenancePart } from './maintenance.part';
import { projectorPart } from './projector.part';
import { readerPart } from './reader.part';
import type { ServicePart } from './service-part';

class FeedModule {}

export function feedModule(configuration: Configuration, logger: Logger): DynamicModule {
  const { FEED_ROLE: role } = configuration;
  const answers = keptAnswersPart(configuration, logger);
  const parts: ServicePart[] = [answers];
  const reader = role === 'projector' ? undefined : readerPart(configuration, answers.cache, logger);
  if (reader) parts.push(reader);
  if (role !== 'reader') {
    parts.push(projectorPart(configuration, logger, (effects) => reader?.onApplied(effects)));
    parts.push(maintenancePart(configuration, logger, () => answers.cache.outdate()));
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
