import {
  type Answer,
  FindOutcome,
  type KeptOutcome,
  type OutcomeQuery,
  type WriteService,
} from '@activity-feed/contracts';
import { findKeptOutcomes } from '@activity-feed/eventing';
import { Controller, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

/** Creates the controller that finds what was answered to commands with idempotency keys. */
export function findOutcomesOf(service: WriteService): Type<unknown> {
  @Controller()
  class FindOutcomeController {
    constructor(private readonly pool: Pool) {}

    @MessagePattern(FindOutcome[service].pattern)
    async find(query: OutcomeQuery): Promise<Answer<KeptOutcome | null>> {
      const [kept = null] = await findKeptOutcomes(this.pool, [query]);
      return { ok: true, value: kept };
    }
  }
  return FindOutcomeController;
}
