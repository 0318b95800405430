import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Several keys for a user. The ids rewrite the table, which takes about a second per million keys; nobody is identified meanwhile,
 * except from the gateways' memory. The lock waits for long reads of the table, and all others wait behind it. So the migration
 * fails after a second, and is retried.
 */
export class SeveralKeys1700000000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE keys ADD COLUMN id           bigint GENERATED ALWAYS AS IDENTITY,
                       ADD COLUMN name         text NOT NULL DEFAULT '',
                       ADD COLUMN expires_at   timestamptz,
                       -- To the hour.
                       ADD COLUMN last_used_at timestamptz;
      CREATE UNIQUE INDEX keys_of_user ON keys (user_id, id);`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX keys_of_user;
      ALTER TABLE keys DROP COLUMN id, DROP COLUMN name, DROP COLUMN expires_at, DROP COLUMN last_used_at;`);
  }
}
