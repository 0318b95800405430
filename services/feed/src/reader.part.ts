import { createPool, kafkaSettings } from '@activity-feed/backend';
import { KafkaConsumer, readLogEnds } from '@activity-feed/eventing';
import type { Dependency, Logger } from '@activity-feed/hosting';
import type { Pool } from 'pg';
import type { Effects } from './activity/effects';
import type { Configuration } from './configuration';
import { isProjected } from './consume-log/projection-offsets';
import { readFeedPosition } from './consume-log/stored-position';
import { endPools } from './database/end-pools';
import { exitOnCrash } from './exit-on-crash';
import { readDroppedUntil } from './hypertable/dropped-activities';
import { readHiddenIds } from './hypertable/hidden-ids';
import { HypertableTimeline } from './hypertable/hypertable-timeline';
import type { AnswerCache } from './keep-answers/answer-cache';
import { measureIndex } from './load-index/index-metrics';
import { IndexProcess } from './load-index/index-process';
import { IndexedFeed } from './read-feed/indexed-feed';
import { NewerEntries } from './read-feed/newer-entries';
import { ReadFeed } from './read-feed/read-feed';
import { ReadNotifications } from './read-notifications/read-notifications';
import { AppliedVersions } from './read-own-writes/applied-versions';
import { IndexedVersions } from './read-own-writes/indexed-versions';
import { RecentTakeBacks } from './read-own-writes/recent-take-backs';
import { WaitingReads, WaitSlots } from './read-own-writes/waiting-reads';
import { readFollowees } from './read-scope/followees';
import { LoadFollowees } from './read-scope/load-followees';
import { MovingBoundaries, memoryBoundaries } from './read-scope/memory-boundaries';
import { ReadScope } from './read-scope/read-scope';
import { ReadVisibility } from './read-visibility/read-visibility';
import { aggregateReads } from './serve-reads/aggregate-reads';
import { ReadServer } from './serve-reads/read-server';
import type { ServicePart } from './service-part';
import { ConcernedUsers } from './stream-changes/concerned';
import { FriendsMessages } from './stream-changes/friends-messages';
import { LiveStreams } from './stream-changes/live-streams';
import { notifiedChange } from './stream-changes/notified-changes';
import { measureStreams } from './stream-changes/stream-metrics';
import { StreamServer } from './stream-changes/stream-server';
import { TimelineIndex } from './timeline-index/timeline-index';

/** Milliseconds for the statement that loads all activities of the index. */
const LOADING_LIMIT = 1_800_000;
const STREAM_LIMIT = 10_000;

/** Own connections for followee lookups: when the projector is behind, they must not starve other reads. */
const FOLLOWEE_CONNECTIONS = 4;

export interface ReaderPart extends ServicePart {
  onApplied(effects: Effects[]): void;
}

/** The reader role: answers from the index, which it maintains, and from the database. */
export function readerPart(configuration: Configuration, cache: AnswerCache, logger: Logger): ReaderPart {
  const { DATABASE_URL: url, FEED_INDEX_BUDGET: budget, FEED_FOLLOWEE_BUDGET: followeeBudget } = configuration;
  const pool = createPool(url, configuration.DATABASE_POOL_SIZE, logger, { name: 'reads' });
  const followeePool = createPool(url, FOLLOWEE_CONNECTIONS, logger, { name: 'followees' });
  const slots = new WaitSlots();
  const applied = new AppliedVersions(pool, new WaitingReads({ slots }));
  const index = new TimelineIndex({ budget, followeeBudget });
  const isStalled = () => process.isStalled;
  const versions = new IndexedVersions(index, new WaitingReads({ slots, isStalled }));
  const concerned = new ConcernedUsers(index);
  const onError = (error: unknown) => logger.error({ err: error }, 'a stream failed; ending it');
  const streams = new LiveStreams(index, concerned, onError);
  const process: IndexProcess = indexProcess(configuration, { index, versions, streams, pool }, logger);
  measureIndex(index, budget, () => process.behind);
  measureStreams(streams);
  const hypertable = new HypertableTimeline(pool);
  const followees = new LoadFollowees(followeePool, index);
  const isReady = () => process.ready;
  const takeBacks = new RecentTakeBacks({ index, applied, mark: () => projectionMark(process, pool) });
  const indexed = new IndexedFeed({ index, versions, followees, hypertable, takeBacks, isReady });
  const position = () => readFeedPosition(pool);
  const feed = new ReadFeed({
    followees: (reader) => readFollowees(pool, reader),
    hidden: (viewer, attention, user) => readHiddenIds(pool, viewer, attention, user),
    hypertable,
    applied,
    indexed,
    position,
  });
  const boundaries = memoryBoundaries(process, pool);
  const scope = new ReadScope({ index, versions, followees, applied, takeBacks, pool, boundaries, isReady });
  const visibility = new ReadVisibility({ scope, now: Date.now });
  const notifications = new ReadNotifications({ scope, pool, applied });
  const newer = new NewerEntries(scope);
  const reads = {
    page: feed.page.bind(feed),
    visibility: visibility.read.bind(visibility),
    notifications: notifications.page.bind(notifications),
    unmarked: notifications.count.bind(notifications),
    mark: notifications.mark.bind(notifications),
    newer: newer.page.bind(newer),
    newerNotifications: notifications.newer.bind(notifications),
    ...aggregateReads({ scope, pool, cache, position, now: Date.now }),
  };
  const dependencies = readingDependencies(pool, process);
  const { HOST: host, RPC_PORT: port, SERVICE_SECRET: secret } = configuration;
  const { subscribe } = new StreamServer({
    ...{ index, streams, concerned, followees, versions, isReady },
    messages: new FriendsMessages(index, concerned),
    notifications: {
      current: notifications.current.bind(notifications),
      changeOf: (event, user) => notifiedChange(index, concerned, event, user),
    },
    onError,
  });
  const server = new ReadServer({ host, port, secret, reads, subscribe, dependencies, log: logger });
  return {
    dependencies,
    providers: [
      { provide: IndexProcess, useValue: process },
      { provide: ReadServer, useValue: server },
      { provide: LiveStreams, useValue: streams },
      { provide: RecentTakeBacks, useValue: takeBacks },
      { provide: MovingBoundaries, useValue: new MovingBoundaries(boundaries) },
      { provide: 'pools', useValue: { onApplicationShutdown: () => endPools({ pool, followeePool }, logger) } },
    ],
    onApplied: (effects) => {
      applied.changed(effects);
      followees.applied(effects);
    },
  };
}

interface IndexUses {
  index: TimelineIndex;
  versions: IndexedVersions;
  streams: LiveStreams;
  pool: Pool;
}

function indexProcess(
  configuration: Configuration,
  { index, versions, streams, pool }: IndexUses,
  logger: Logger,
): IndexProcess {
  const { DATABASE_URL: url, FEED_INDEX_BUDGET: budget, KAFKA_SESSION_TIMEOUT: sessionTimeout } = configuration;
  const kafka = kafkaSettings('feed-reader', configuration);
  const onCrash = exitOnCrash(logger, 'the timeline index cannot be loaded or kept up to date');
  return new IndexProcess({
    index,
    budget,
    pool: createPool(url, 1, logger, { name: 'index', limit: LOADING_LIMIT, pipeline: false }),
    streamPool: createPool(url, 1, logger, { name: 'index-repairs', limit: STREAM_LIMIT }),
    log: logger,
    consumer: (reader) =>
      new KafkaConsumer(kafka, reader, logger, { sessionTimeout, concurrency: 1, commitOffsets: false, onCrash }),
    logEnds: (topics) => readLogEnds(kafka, logger, topics),
    readDropped: () => readDroppedUntil(pool),
    onChange: (source) => versions.changed(source),
    onEvent: () => streams.dispatch(),
    onRestored: () => streams.endAll(),
    onCrash,
  });
}

/** Notes the index's progress. The result says whether the projector has reached it. */
function projectionMark(process: IndexProcess, pool: Pool): () => Promise<boolean> {
  const offsets = process.reached();
  return () => isProjected(pool, offsets);
}

const readingDependencies = (pool: Pool, process: IndexProcess): Dependency[] => [
  {
    name: 'timescaledb',
    // Not required once pages come from memory.
    get required() {
      return !process.ready;
    },
    without: 'pages from memory continue; others answer 503',
    check: () => pool.query('SELECT 1'),
  },
  // Until it is loaded, pages come from the hypertable: slower but equally correct.
  {
    name: 'timeline-index',
    required: false,
    without: 'pages grow old',
    check: () => process.check(),
    behind: () => ({ reader: process.behind }),
  },
];
