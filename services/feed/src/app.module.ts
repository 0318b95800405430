import { createPool, kafkaSettings, serviceModule } from '@activity-feed/backend';
import { DEAD_LETTER_TOPIC } from '@activity-feed/contracts';
import { KafkaConsumer, kafkaPublisher, readLogEnds } from '@activity-feed/eventing';
import { type Dependency, type Logger } from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import { Pool } from 'pg';
import type { Configuration } from './configuration';
import { DeadLetters } from './project-activities/dead-letters';
import { ProjectionProcess } from './project-activities/projection-process';
import { Projector } from './project-activities/projector';
import { HypertableTimeline } from './read-feed/hypertable-timeline';
import { ReadFeedHandler } from './read-feed/read-feed.handler';
import { AppliedVersions } from './read-own-writes/applied-versions';

/** Milliseconds for one statement of the projector: nobody waits for it but the log. */
const PROJECTION_LIMIT = 120_000;
/** Partitions that are projected at a time, each on a connection of its own. */
const PROJECTION_CONCURRENCY = 3;

class FeedModule {}

export function feedModule(configuration: Configuration, logger: Logger): DynamicModule {
  const { DATABASE_URL: url, KAFKA_SESSION_TIMEOUT: sessionTimeout } = configuration;
  const kafka = kafkaSettings('feed', configuration);
  const pool = createPool(url, configuration.DATABASE_POOL_SIZE, logger);
  const applied = new AppliedVersions(pool);
  const deadLetters = new DeadLetters(kafkaPublisher(kafka, DEAD_LETTER_TOPIC, logger));
  const projectionPool = createPool(url, PROJECTION_CONCURRENCY, logger, PROJECTION_LIMIT);
  const projector = new Projector({
    pool: projectionPool,
    readPool: pool,
    deadLetters,
    log: logger,
    logStart: async (place) => (await readLogEnds(kafka, logger, [place.topic]))(place).start,
    onApplied: (effects) => applied.changed(effects),
  });
  const onCrash = (error: Error) => {
    logger.fatal({ err: error }, 'the consumer cannot go on: ending, to be started anew');
    process.exit(1);
  };
  const consumer = new KafkaConsumer(kafka, projector, logger, {
    sessionTimeout,
    concurrency: PROJECTION_CONCURRENCY,
    onCrash,
  });
  const dependencies: Dependency[] = [
    { name: 'timescaledb', required: true, check: () => pool.query('SELECT 1') },
    { name: 'kafka', required: true, check: async () => (consumer.reading ? 'up' : 'down') },
  ];
  return {
    module: FeedModule,
    imports: [serviceModule(dependencies, logger)],
    controllers: [ReadFeedHandler],
    providers: [
      { provide: Pool, useValue: pool },
      { provide: AppliedVersions, useValue: applied },
      { provide: HypertableTimeline, useValue: new HypertableTimeline(pool) },
      {
        provide: ProjectionProcess,
        useFactory: () => new ProjectionProcess(consumer, deadLetters, [pool, projectionPool], onCrash),
      },
    ],
  };
}
