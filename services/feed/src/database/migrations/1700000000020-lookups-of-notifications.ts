import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How the parts of notifications are found that are not found by their user and time. */
export class LookupsOfNotifications1700000000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- For reloading what the events of one stream notify users of.
      CREATE INDEX notices_of_actor ON notices (actor_id, time);
      CREATE INDEX notices_open_requests ON notices (user_id, actor_id) WHERE verb = 'request' AND NOT undone;
      -- The time of the follow that holds. Null in rows of earlier versions.
      ALTER TABLE follows ADD COLUMN since timestamptz;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE follows DROP COLUMN since');
    // TimescaleDB refuses to drop several indexes of a hypertable together.
    await queryRunner.query('DROP INDEX notices_open_requests');
    await queryRunner.query('DROP INDEX notices_of_actor');
  }
}
