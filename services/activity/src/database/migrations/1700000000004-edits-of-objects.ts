import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An object's current version stands in `objects`; an edit moves the version before it to `object_versions`. So objects
 * that were posted earlier, or are posted by an instance of the previous version, need no row there.
 */
export class EditsOfObjects1700000000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE objects ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN edited_at timestamptz;
      CREATE TABLE object_versions (
        object_type text NOT NULL,
        object_id   bigint NOT NULL,
        revision    integer NOT NULL,
        content     text NOT NULL,
        time        timestamptz NOT NULL,
        PRIMARY KEY (object_type, object_id, revision),
        FOREIGN KEY (object_type, object_id) REFERENCES objects (type, id)
      );`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE object_versions;
      ALTER TABLE objects DROP COLUMN revision, DROP COLUMN edited_at;`);
  }
}
