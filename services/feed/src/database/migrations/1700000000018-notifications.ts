import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = `
        time          timestamptz NOT NULL,
        event_id      uuid NOT NULL,
        actor_id      integer NOT NULL,
        verb          text NOT NULL,
        object_type   text,
        object_id     bigint,
        target_id     integer,
        comment_id    bigint,
        root_type     text,
        root_id       bigint,
        root_owner_id integer,
        log_partition integer,
        log_offset    bigint`;

/**
 * What users are notified of: activities about them, and `notices`. Rows have the place of their event in the log, which is
 * null in those of earlier versions. Columns without a default change no row. The lock waits for long reads of the table,
 * and all others wait behind it. So the migration fails after a second, and is retried.
 */
export class Notifications1700000000018 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX hidden_activities_of_target ON hidden_activities (target_id, time) WHERE target_id IS NOT NULL;
      -- Activities that were taken back, of which somebody was notified: a group of notifications keeps its place.
      CREATE TABLE undone_activities (${COLUMNS},
        PRIMARY KEY (time, event_id)
      );
      CREATE INDEX undone_activities_of_target ON undone_activities (target_id, time);
      -- What concerns a user who is not the target of an activity.
      CREATE TABLE notices (${COLUMNS},
        user_id       integer NOT NULL,
        undone        boolean NOT NULL DEFAULT false
      );
      SELECT create_hypertable('notices', by_range('time', INTERVAL '1 day'), create_default_indexes => false);
      CREATE UNIQUE INDEX notices_of_user ON notices (user_id, time DESC, event_id DESC);`);
    // Last: reads of activities wait from here on.
    await queryRunner.query("SET LOCAL lock_timeout = '1s'");
    for (const table of ['activities', 'hidden_activities']) {
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN log_partition integer, ADD COLUMN log_offset bigint`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE notices');
    await queryRunner.query('DROP TABLE undone_activities');
    await queryRunner.query('DROP INDEX hidden_activities_of_target');
    for (const table of ['hidden_activities', 'activities']) {
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN log_partition, DROP COLUMN log_offset`);
    }
  }
}
