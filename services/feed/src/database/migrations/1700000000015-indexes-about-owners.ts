import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a group needs, so that what is about a user is read from the index alone. */
const GROUP = 'actor_id, verb, object_type';

const INDEXES = {
  activities_of_owner: `(target_id, time DESC) INCLUDE (${GROUP}) WHERE target_id IS NOT NULL`,
  activities_of_owner_of_root: `(root_owner_id, time DESC) INCLUDE (${GROUP}, target_id) WHERE root_owner_id IS NOT NULL`,
};
const BEFORE = {
  activities_of_target: '(target_id, time DESC) WHERE target_id IS NOT NULL',
  activities_of_root_owner: '(root_owner_id, time DESC) WHERE root_owner_id IS NOT NULL',
};

/** Replaces the indexes by owner. The projector waits while they are created; reads continue. */
export class IndexesAboutOwners1700000000015 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await replace(queryRunner, BEFORE, INDEXES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await replace(queryRunner, INDEXES, BEFORE);
  }
}

async function replace(queryRunner: QueryRunner, old: object, indexes: object): Promise<void> {
  for (const [name, columns] of Object.entries(indexes)) {
    await queryRunner.query(`CREATE INDEX ${name} ON activities ${columns}`);
  }
  for (const name of Object.keys(old)) await queryRunner.query(`DROP INDEX ${name}`);
}
