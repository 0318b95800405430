import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who blocks and mutes whom: for reads below memory, and for loading memory. */
export class HiddenUsers1700000000012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE hidden_users (
        user_id  integer NOT NULL,
        other_id integer NOT NULL,
        kind     text NOT NULL,
        until    timestamptz NOT NULL DEFAULT 'infinity',
        PRIMARY KEY (user_id, other_id, kind)
      );
      CREATE INDEX hidden_users_blocked ON hidden_users (other_id) WHERE kind = 'block';`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE hidden_users');
  }
}
