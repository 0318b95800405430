import { IDEMPOTENCY_KEYS_TABLE_V1 } from '@activity-feed/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The answers that repeated commands get. */
export class IdempotencyKeys1700000000014 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(IDEMPOTENCY_KEYS_TABLE_V1);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE idempotency_keys');
  }
}
