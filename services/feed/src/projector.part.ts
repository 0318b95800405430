import { createPool, kafkaSettings } from '@activity-feed/backend';
import { DEAD_LETTER_TOPIC } from '@activity-feed/contracts';
import { KafkaConsumer, kafkaPublisher, readLogEnds } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import type { Effects } from './activity/effects';
import type { Configuration } from './configuration';
import { exitOnCrash } from './exit-on-crash';
import { DeadLetters } from './project-activities/dead-letters';
import { ProjectionProcess } from './project-activities/projection-process';
import { Projector } from './project-activities/projector';
import { measureLag } from './project-activities/projector-metrics';
import type { ServicePart } from './service-part';

/** Milliseconds for one statement of the projector: long, since no request waits for it. */
const PROJECTION_LIMIT = 120_000;
const LANES = 3;
/** Partitions whose batches are given to the projector at once, which gathers them. */
const PARTITIONS_AT_ONCE = 100;

/** Bytes a fetch waits for, and at most how many milliseconds. */
const FETCH_BYTES = 512 * 1024;
const FETCH_WAIT = 250;

export function projectorPart(
  configuration: Configuration,
  logger: Logger,
  onApplied: (effects: Effects[]) => void,
): ServicePart {
  const { DATABASE_URL: url, KAFKA_SESSION_TIMEOUT: sessionTimeout } = configuration;
  const kafka = kafkaSettings('feed-projector', configuration);
  const deadLetters = new DeadLetters(kafkaPublisher(kafka, DEAD_LETTER_TOPIC, logger));
  const pool = createPool(url, LANES, logger, { name: 'projector', limit: PROJECTION_LIMIT });
  const readPool = createPool(url, 1, logger, { name: 'projector-offsets' });
  const projector = new Projector({
    pool,
    lanes: LANES,
    readPool,
    deadLetters,
    log: logger,
    logStart: async (place) => (await readLogEnds(kafka, logger, [place.topic]))(place).start,
    onApplied,
  });
  measureLag(projector.lag, projector.topics);
  const onCrash = exitOnCrash(logger, 'the projector’s consumer failed');
  const consumer = new KafkaConsumer(kafka, projector, logger, {
    sessionTimeout,
    concurrency: PARTITIONS_AT_ONCE,
    commitOffsets: true,
    // Readers have the index, so throughput matters more here than latency.
    fetch: { minBytes: FETCH_BYTES, maxWait: FETCH_WAIT },
    onCrash,
  });
  // A process that also reads is useful without its projector.
  const required = configuration.FEED_ROLE === 'projector';
  return {
    dependencies: [
      { name: 'timescaledb', required, check: () => readPool.query('SELECT 1') },
      {
        name: 'kafka',
        required,
        without: 'pages grow old',
        check: async () => (consumer.reading ? 'up' : 'down'),
        behind: () => ({ projector: projector.lag.total }),
      },
    ],
    providers: [
      {
        provide: ProjectionProcess,
        useValue: new ProjectionProcess(consumer, deadLetters, [pool, readPool], onCrash, logger),
      },
    ],
  };
}
