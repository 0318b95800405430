import {
  EVENTS_TABLE_V1,
  IDEMPOTENCY_KEYS_TABLE_V1,
  RELAY_CURSOR_PARTITIONS_V1,
  RELAY_CURSOR_TABLE_V1,
} from '@activity-feed/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables that all write services share. */
export class EventLog1 implements MigrationInterface {
  readonly name = 'EventLog1700000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(EVENTS_TABLE_V1);
    await queryRunner.query(IDEMPOTENCY_KEYS_TABLE_V1);
    await queryRunner.query(RELAY_CURSOR_TABLE_V1);
    await queryRunner.query(RELAY_CURSOR_PARTITIONS_V1);
  }

  async down(): Promise<void> {}
}
