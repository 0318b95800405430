import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When the feed began to read the log, in seconds since 1970. Positions in the log that clients keep carry it: after
 * `projection_offsets` was emptied, their offsets may mean other events.
 */
export class LogEpoch1700000000022 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE log_epoch (epoch bigint NOT NULL, single boolean PRIMARY KEY DEFAULT true CHECK (single));
      INSERT INTO log_epoch VALUES (extract(epoch FROM clock_timestamp())::bigint);
      CREATE OR REPLACE FUNCTION begin_log_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE log_epoch SET epoch = greatest(extract(epoch FROM clock_timestamp())::bigint, epoch + 1);
        RETURN NULL;
      END $$;
      CREATE TRIGGER begin_log_epoch AFTER TRUNCATE ON projection_offsets
        FOR EACH STATEMENT EXECUTE FUNCTION begin_log_epoch();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER begin_log_epoch ON projection_offsets;
      DROP FUNCTION begin_log_epoch;
      DROP TABLE log_epoch;
    `);
  }
}
