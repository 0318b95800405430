import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who liked an object, newest first; the primary key of likes begins with who liked. Likes wait while it is made, about
 * 3 s for each million that there are: not CONCURRENTLY, which would wait for ever for the instances that start at the
 * same time and wait for this one.
 */
export class LikesOfObject1700000000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX likes_of_object ON likes (object_type, object_id, since DESC, user_id DESC)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX likes_of_object');
  }
}
