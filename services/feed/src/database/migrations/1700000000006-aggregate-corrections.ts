import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Activities that were taken back after the retention had dropped them; the continuous aggregates still count them. */
export class AggregateCorrections1700000000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE aggregate_corrections (
        id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        day         timestamptz NOT NULL,
        hour        timestamptz NOT NULL,
        actor_id    integer NOT NULL,
        verb        text NOT NULL,
        object_type text NOT NULL,
        object_id   bigint NOT NULL
      );
      CREATE INDEX aggregate_corrections_of_actor ON aggregate_corrections (actor_id, day);
      CREATE INDEX aggregate_corrections_of_day ON aggregate_corrections (day);
      CREATE INDEX aggregate_corrections_of_object ON aggregate_corrections (object_type, object_id, hour);
      CREATE INDEX aggregate_corrections_of_hour ON aggregate_corrections (hour);`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE aggregate_corrections');
  }
}
