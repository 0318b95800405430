import { type Source, StreamVersion, TOPICS } from '@activity-feed/contracts';
import { EventStore, KafkaProbe, kafkaPublisher, Relay } from '@activity-feed/eventing';
import { createRedis, type Dependency, giveUpLate, Logger } from '@activity-feed/hosting';
import {
  type DynamicModule,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { countRefused, measureWaiting } from './command-metrics';
import { createPool } from './database/create-pool';
import { answerStreamVersion } from './rpc/stream-version.controller';
import { serviceModule } from './service.module';
import { kafkaSettings, type WriteServiceSettings } from './settings';

/** What both write services share: database, event store, relay, Redis. */
export function writeServiceModule(source: Source, settings: WriteServiceSettings, logger: Logger): DynamicModule {
  const { DATABASE_URL: connectionString } = settings;
  const kafka = kafkaSettings(source, settings);
  const topic = TOPICS[source];
  const pool = createPool(connectionString, settings.DATABASE_POOL_SIZE, logger);
  const redis = createRedis(settings.REDIS_URL, settings.REDIS_PREFIX, logger);
  const openPublisher = kafkaPublisher(kafka, topic, logger);
  const relay = new Relay({ database: { connectionString }, topic, openPublisher, log: logger });
  const events = new EventStore(pool, () => relay.wake(), countRefused);
  measureWaiting(events);
  const probe = new KafkaProbe(kafka, logger);
  const dependencies: Dependency[] = [
    { name: 'postgres', required: true, check: () => pool.query('SELECT 1') },
    // Without the broker, commands are still recorded; their events are published later.
    { name: 'kafka', required: false, check: () => Promise.all([probe.check(), relay.assertWorking()]) },
    { name: 'redis', required: false, check: () => redis.ping().then(() => 'up') },
  ];
  return {
    module: WriteServiceModule,
    global: true,
    imports: [serviceModule(dependencies, logger)],
    controllers: [answerStreamVersion(StreamVersion[source])],
    providers: [
      { provide: Pool, useValue: pool },
      { provide: Redis, useValue: redis },
      { provide: Relay, useValue: relay },
      { provide: EventStore, useValue: events },
      { provide: KafkaProbe, useValue: probe },
      WriteSide,
    ],
    exports: [Pool, Redis, EventStore],
  };
}

class WriteServiceModule {}

@Injectable()
class WriteSide implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly relay: Relay,
    private readonly probe: KafkaProbe,
    private readonly pool: Pool,
    private readonly redis: Redis,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    const parts = { relay: this.relay.stop(), probe: this.probe.close(), pool: this.pool.end() };
    await giveUpLate('release', parts, this.logger);
    this.redis.disconnect();
  }
}
