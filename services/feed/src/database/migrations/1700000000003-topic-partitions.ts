import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TopicPartitions1700000000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- A topic's number of partitions when it was first read. Earlier versions always had 6.
      CREATE TABLE topic_partitions (
        topic      text PRIMARY KEY,
        partitions integer NOT NULL
      );
      INSERT INTO topic_partitions SELECT DISTINCT topic, 6 FROM projection_offsets;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE topic_partitions');
  }
}
