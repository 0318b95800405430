import type { BatchConsumer } from '@activity-feed/eventing';
import { giveUpLate, type Logger } from '@activity-feed/hosting';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import type { DeadLetters } from './dead-letters';

export class ProjectionProcess implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly consumer: BatchConsumer,
    private readonly deadLetters: DeadLetters,
    private readonly pools: Pool[],
    private readonly onCrash: (error: Error) => void,
    private readonly log: Logger,
  ) {}

  /** Does not wait for the consumer: the service starts while the broker is down. */
  onApplicationBootstrap(): void {
    this.consumer.start().catch(this.onCrash);
  }

  /** A batch that does not finish in time is rolled back; the partition's next owner reads it again. */
  beforeApplicationShutdown(): Promise<void> {
    return giveUpLate('finish', { projector: this.consumer.stop() }, this.log);
  }

  async onApplicationShutdown(): Promise<void> {
    const parts = { deadLetters: this.deadLetters.close(), pools: Promise.all(this.pools.map((pool) => pool.end())) };
    await giveUpLate('release', parts, this.log);
  }
}
