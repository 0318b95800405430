import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `activities` has what is visible. What is about a deleted object lies in `hidden_activities` until it is restored. */
export class HiddenActivities1700000000007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Of objects that have been deleted at least once. The version of the owner's stream guards a state: an older event
      -- never overrules a newer one.
      CREATE TABLE object_states (
        object_type text NOT NULL,
        object_id   bigint NOT NULL,
        deleted     boolean NOT NULL,
        version     bigint NOT NULL,
        -- Whether all its activities lie in the table that the state demands.
        moved       boolean NOT NULL DEFAULT false,
        PRIMARY KEY (object_type, object_id)
      );
      CREATE INDEX object_states_to_move ON object_states (object_type, object_id) WHERE NOT moved;
      CREATE TABLE hidden_activities (
        time          timestamptz NOT NULL,
        event_id      uuid NOT NULL,
        actor_id      integer NOT NULL,
        verb          text NOT NULL,
        object_type   text,
        object_id     bigint,
        target_id     integer,
        comment_id    bigint,
        root_type     text,
        root_id       bigint,
        root_owner_id integer,
        PRIMARY KEY (time, event_id)
      );
      CREATE INDEX hidden_activities_of_actor ON hidden_activities (actor_id, time);
      CREATE INDEX hidden_activities_of_object ON hidden_activities (object_type, object_id);
      CREATE INDEX hidden_activities_of_root ON hidden_activities (root_type, root_id) WHERE root_id IS NOT NULL;
      CREATE INDEX hidden_activities_of_comment ON hidden_activities (comment_id) WHERE comment_id IS NOT NULL;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE hidden_activities, object_states');
  }
}
