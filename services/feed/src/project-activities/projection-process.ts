import type { BatchConsumer } from '@activity-feed/eventing';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import type { DeadLetters } from './dead-letters';

/** Runs the projector from the service's start to its stop. */
export class ProjectionProcess implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly consumer: BatchConsumer,
    private readonly deadLetters: DeadLetters,
    private readonly pools: Pool[],
    private readonly onCrash: (error: Error) => void,
  ) {}

  /** Not waited for: pages are served while the broker is away. */
  onApplicationBootstrap(): void {
    this.consumer.start().catch(this.onCrash);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.consumer.stop();
    await this.deadLetters.close();
    await Promise.allSettled(this.pools.map((pool) => pool.end()));
  }
}
