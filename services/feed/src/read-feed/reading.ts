import { createPool, kafkaSettings } from '@activity-feed/backend';
import { KafkaConsumer, readLogEnds } from '@activity-feed/eventing';
import type { Dependency, Logger } from '@activity-feed/hosting';
import type { Configuration } from '../configuration';
import { endWith } from '../end-with';
import { IndexProcess } from '../load-index/index-process';
import type { Effects } from '../project-activities/effects';
import { AppliedVersions } from '../read-own-writes/applied-versions';
import { IndexedVersions } from '../read-own-writes/indexed-versions';
import type { ServicePart } from '../service-part';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { readFollowees } from './followees';
import { HypertableTimeline } from './hypertable-timeline';
import { IndexedFeed } from './indexed-feed';
import { LoadFollowees } from './load-followees';
import { PageServer } from './page-server';
import { ReadFeed } from './read-feed';

/** Milliseconds for the one statement that reads all activities of the index. */
const LOADING_LIMIT = 1_800_000;

export interface Reading extends ServicePart {
  /** Tells what a projector in this process has written. */
  onApplied(effects: Effects[]): void;
}

/** The role of the reader: pages from the index, which it keeps itself, and from the hypertable. */
export function reading(configuration: Configuration, logger: Logger): Reading {
  const { DATABASE_URL: url, FEED_INDEX_BUDGET: budget, FEED_FOLLOWEE_BUDGET: followeeBudget } = configuration;
  const kafka = kafkaSettings('feed-reader', configuration);
  const pool = createPool(url, configuration.DATABASE_POOL_SIZE, logger);
  const applied = new AppliedVersions(pool);
  const index = new TimelineIndex({ budget, followeeBudget });
  const versions = new IndexedVersions(index);
  const onCrash = endWith(logger, 'the timeline index cannot be kept up to date');
  const process = new IndexProcess({
    index,
    budget,
    pool: createPool(url, 1, logger, { limit: LOADING_LIMIT, pipeline: false }),
    log: logger,
    consumer: (reader) =>
      new KafkaConsumer(kafka, reader, logger, {
        sessionTimeout: configuration.KAFKA_SESSION_TIMEOUT,
        concurrency: 1,
        commitOffsets: false,
        onCrash,
      }),
    logEnds: (topics) => readLogEnds(kafka, logger, topics),
    onChange: () => versions.changed(),
    onCrash,
  });
  const hypertable = new HypertableTimeline(pool);
  const followees = new LoadFollowees(pool, index);
  const indexed = new IndexedFeed({ index, versions, followees, hypertable, isReady: () => process.ready });
  const feed = new ReadFeed({ followees: (reader) => readFollowees(pool, reader), hypertable, applied, indexed });
  const dependencies: Dependency[] = [
    { name: 'timescaledb', required: true, check: () => pool.query('SELECT 1') },
    // Until it is there, pages come from the hypertable: slower, and as right.
    { name: 'timeline-index', required: false, check: () => process.check() },
  ];
  const { HOST: host, RPC_PORT: port } = configuration;
  const server = new PageServer({ host, port, feed, dependencies, log: logger });
  return {
    dependencies,
    providers: [
      { provide: IndexProcess, useValue: process },
      { provide: PageServer, useValue: server },
      { provide: 'pool', useValue: { onApplicationShutdown: () => pool.end() } },
    ],
    onApplied: (effects) => applied.changed(effects),
  };
}
