import { RELAY_CURSOR_PARTITIONS_V1 } from '@activity-feed/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PartitionsOfTopic1700000000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(RELAY_CURSOR_PARTITIONS_V1);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE relay_cursor DROP COLUMN partitions');
  }
}
