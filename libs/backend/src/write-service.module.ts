import { type StoredEvent, sourceOf, sourcesOf, TOPICS, type WriteService } from '@activity-feed/contracts';
import { EventStore, eventsTableOf, KafkaProbe, kafkaPublisher, LANES, Relay } from '@activity-feed/eventing';
import { createRedis, type Dependency, giveUpLate, Logger } from '@activity-feed/hosting';
import {
  type DynamicModule,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { measureWaiting, observeCommands } from './command-metrics';
import { createPool } from './database/create-pool';
import { ForgetOutcomes } from './forget-outcomes';
import { measureRelays, observeSent } from './relay-metrics';
import { findOutcomesOf } from './rpc/find-outcome.controller';
import { RELAYS, sendEventsOf } from './rpc/send-events.controller';
import { answerNewestVersions, answerStreamVersion } from './rpc/stream-version.controller';
import { serviceModule } from './service.module';
import { kafkaSettings, type WriteServiceSettings } from './settings';
import { traceSends } from './traces/trace-events';

const WRITE_POOL = Symbol('WRITE_POOL');

/** What both write services share: database, event store, a relay for each source, Redis. */
export function writeServiceModule(
  service: WriteService,
  settings: WriteServiceSettings,
  logger: Logger,
): DynamicModule {
  const { DATABASE_URL: connectionString } = settings;
  const kafka = kafkaSettings(service, settings);
  const sources = sourcesOf(service);
  const pool = createPool(connectionString, settings.DATABASE_POOL_SIZE, logger, { name: 'queries' });
  // Transactions do not wait for a connection behind queries.
  const writePool = createPool(connectionString, LANES, logger, { name: 'transactions', planOnce: true });
  const redis = createRedis(settings.REDIS_URL, settings.REDIS_PREFIX, logger);
  const relayOf = new Map(
    sources.map((source) => {
      const topic = TOPICS[source];
      const openPublisher = kafkaPublisher(kafka, topic, logger);
      const options = { database: { connectionString }, topic, table: eventsTableOf(source), openPublisher };
      return [source, new Relay({ ...options, log: logger, onSent: observeSent, onSending: traceSends })] as const;
    }),
  );
  const relays = [...relayOf.values()];
  const wake = (recorded: readonly StoredEvent[]) => {
    for (const [source, ofSource] of Map.groupBy(recorded, ({ type }) => sourceOf(type))) {
      relayOf.get(source)?.wake(ofSource);
    }
  };
  const events = new EventStore(writePool, wake, observeCommands, pool);
  measureWaiting(events);
  measureRelays(relays, pool);
  const probe = new KafkaProbe(kafka, logger);
  const dependencies: Dependency[] = [
    { name: 'postgres', required: true, check: () => pool.query('SELECT 1') },
    // Without the broker, commands are still recorded; their events are published later.
    {
      name: 'kafka',
      required: false,
      without: 'writes are recorded, and reach feeds and other consumers later',
      check: () => Promise.all([probe.check(), ...relays.map((relay) => relay.assertWorking())]),
    },
    {
      name: 'redis',
      required: false,
      without: 'users and objects are looked up in the database',
      check: () => redis.ping().then(() => 'up'),
    },
  ];
  return {
    module: WriteServiceModule,
    global: true,
    imports: [serviceModule(dependencies, logger)],
    controllers: [
      ...sources.map(answerStreamVersion),
      answerNewestVersions(service),
      sendEventsOf(service),
      findOutcomesOf(service),
    ],
    providers: [
      { provide: Pool, useValue: pool },
      { provide: Redis, useValue: redis },
      { provide: WRITE_POOL, useValue: writePool },
      { provide: RELAYS, useValue: relays },
      { provide: EventStore, useValue: events },
      { provide: KafkaProbe, useValue: probe },
      { provide: ForgetOutcomes, useValue: new ForgetOutcomes(relays, pool, logger) },
      WriteSide,
    ],
    exports: [Pool, Redis, EventStore],
  };
}

class WriteServiceModule {}

@Injectable()
class WriteSide implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(RELAYS) private readonly relays: readonly Relay[],
    @Inject(WRITE_POOL) private readonly writePool: Pool,
    private readonly probe: KafkaProbe,
    private readonly forgetting: ForgetOutcomes,
    private readonly pool: Pool,
    private readonly redis: Redis,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    for (const relay of this.relays) relay.start();
    this.forgetting.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.forgetting.stop();
    const relay = Promise.all(this.relays.map((one) => one.stop()));
    const pools = Promise.all([this.pool.end(), this.writePool.end()]);
    const parts = { relay, probe: this.probe.close(), pools };
    await giveUpLate('release', parts, this.logger);
    this.redis.disconnect();
  }
}
