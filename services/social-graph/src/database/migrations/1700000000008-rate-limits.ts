import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The lock on users waits for writes, and all others wait behind it. So the migration fails after a second, and is retried. */
export class RateLimits1700000000008 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';
      -- Not made from events: what operators set, like keys. Null: the default of the gateways.
      CREATE TABLE rate_limits (
        user_id    integer PRIMARY KEY REFERENCES users,
        reads      integer CHECK (reads >= 0),
        writes     integer CHECK (writes >= 0),
        aggregates integer CHECK (aggregates >= 0)
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE rate_limits;');
  }
}
