import { MARKS_TABLE_V1 } from '@activity-feed/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users have seen and read of their notifications. */
export class Marks1700000000013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(MARKS_TABLE_V1);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE marks');
    await queryRunner.query('DROP SEQUENCE marks_position');
  }
}
