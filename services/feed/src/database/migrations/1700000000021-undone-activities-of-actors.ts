import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For whether an actor has taken back the same before, on the same day. */
export class UndoneActivitiesOfActors1700000000021 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE INDEX undone_activities_of_actor ON undone_activities (actor_id, object_id, verb, time)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX undone_activities_of_actor');
  }
}
