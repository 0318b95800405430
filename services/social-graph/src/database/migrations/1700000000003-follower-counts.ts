import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists of followers and followees by time, users by name, and how many followers a user has. A trigger counts them,
 * because during an update instances of the previous version change follows too. Follows wait while the indexes are
 * created, for about 6 s per million. Both locks are taken first: follows change both tables, and would otherwise hold one
 * while they wait for the other. The locks wait for writers and vacuum, and follows wait behind them: so the migration
 * fails after a second, and is retried.
 */
export class FollowerCounts1700000000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';
      LOCK TABLE users, follows IN SHARE ROW EXCLUSIVE MODE;
      CREATE INDEX follows_of_follower ON follows (follower_id, since, followee_id);
      CREATE INDEX follows_of_followee ON follows (followee_id, since, follower_id);
      CREATE INDEX users_by_name ON users (name COLLATE "C");

      -- A user's followers, without the changes that are still in follower_changes.
      CREATE TABLE follower_counts (
        user_id   integer PRIMARY KEY,
        followers bigint NOT NULL
      );
      -- Only appended to by commands: those who follow the same user do not wait for each other.
      CREATE TABLE follower_changes (
        user_id integer NOT NULL,
        change  integer NOT NULL
      );
      CREATE INDEX follower_changes_of_user ON follower_changes (user_id);
      INSERT INTO follower_counts SELECT followee_id, count(*) FROM follows GROUP BY followee_id;

      CREATE FUNCTION note_follower_changes() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO follower_changes SELECT followee_id, CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END FROM changed;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_followers AFTER INSERT ON follows
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_follower_changes();
      CREATE TRIGGER lost_followers AFTER DELETE ON follows
        REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_follower_changes();`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER new_followers ON follows;
      DROP TRIGGER lost_followers ON follows;
      DROP FUNCTION note_follower_changes;
      DROP TABLE follower_changes, follower_counts;
      DROP INDEX follows_of_follower, follows_of_followee, users_by_name;`);
  }
}
