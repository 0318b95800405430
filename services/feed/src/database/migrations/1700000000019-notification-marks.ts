import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users have seen and read of their notifications, as their last event says. */
export class NotificationMarks1700000000019 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE notification_marks (
        user_id integer PRIMARY KEY,
        marks   jsonb NOT NULL
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE notification_marks');
  }
}
