import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * For the users who liked an object, newest first; the primary key of likes begins with the user. Creating the index
 * blocks likes for about 3 s per million rows. CONCURRENTLY would deadlock with instances that start at the same time
 * and wait for the migration lock.
 */
export class LikesOfObject1700000000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX likes_of_object ON likes (object_type, object_id, since DESC, user_id DESC)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX likes_of_object');
  }
}
