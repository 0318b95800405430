import type { MigrationInterface, QueryRunner } from 'typeorm';

const NAME = 'owner_activity_daily';

/** The aggregate itself depends on the edition and is created at start. It uses a column of an earlier migration. */
export class OwnerActivity1700000000017 implements MigrationInterface {
  async up(): Promise<void> {}

  async down(queryRunner: QueryRunner): Promise<void> {
    const [relation] = await queryRunner.query(
      `SELECT EXISTS (SELECT FROM timescaledb_information.continuous_aggregates
                      WHERE view_name = $1 AND view_schema = current_schema) AS continuous`,
      [NAME],
    );
    await queryRunner.query(`DROP VIEW IF EXISTS ${NAME}_filled`);
    await queryRunner.query(`DROP ${relation.continuous ? 'MATERIALIZED ' : ''}VIEW IF EXISTS ${NAME}`);
    await queryRunner.query('DELETE FROM aggregate_progress WHERE aggregate = $1', [NAME]);
  }
}
