import { PRIVATE_EVENTS_TABLE_V1 } from '@activity-feed/eventing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BlocksAndMutes1700000000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(PRIVATE_EVENTS_TABLE_V1);
    await queryRunner.query(`
      CREATE TABLE blocks (
        blocker_id integer NOT NULL,
        blocked_id integer NOT NULL,
        since      timestamptz NOT NULL,
        PRIMARY KEY (blocker_id, blocked_id)
      );
      CREATE INDEX blocks_in_order ON blocks (blocker_id, since, blocked_id);
      -- A mute of everything and one of shares alone are independent of each other.
      CREATE TABLE mutes (
        muter_id    integer NOT NULL,
        muted_id    integer NOT NULL,
        shares_only boolean NOT NULL,
        since       timestamptz NOT NULL,
        until       timestamptz NOT NULL DEFAULT 'infinity',
        PRIMARY KEY (muter_id, muted_id, shares_only)
      );
      CREATE INDEX mutes_in_order ON mutes (muter_id, since, muted_id);`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE mutes, blocks, private_events');
  }
}
