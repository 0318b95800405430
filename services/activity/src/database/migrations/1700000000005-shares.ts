import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A row for each share, and the event of each like. Existing ones follow in the next migration, in transactions of
 * their own: this one locks writers out, so it must end at once.
 *
 * Instances of the previous version keep writing during a rolling update, and they append share events without a row.
 * So a trigger on events adds the row, for every version alike: a row exists from the moment of its event, and nothing
 * has to be compared or repeated later. A trigger on likes finds the event of a like that the previous version inserts.
 * The event proves that the object exists: a foreign key would lock the object's row for every share.
 *
 * Likes are locked before events, as by commands; the other order could deadlock with one. The lock waits for long
 * reads of likes, such as a dump, and all others wait behind it. So the migration fails after a second, and is retried.
 */
export class Shares1700000000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      SET LOCAL lock_timeout = '1s';

      ALTER TABLE likes ADD COLUMN event_id uuid, ADD COLUMN version bigint,
        ADD CONSTRAINT likes_have_their_event CHECK (event_id IS NOT NULL AND version IS NOT NULL) NOT VALID;

      CREATE FUNCTION find_event_of_like() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        -- By the unique index (stream, version). Usually it is the newest event.
        SELECT event_id, version INTO NEW.event_id, NEW.version FROM events
        WHERE stream = NEW.user_id AND time = NEW.since ORDER BY version DESC LIMIT 1;
        RETURN NEW;
      END $$;
      CREATE TRIGGER likes_of_previous_version BEFORE INSERT ON likes
        FOR EACH ROW WHEN (NEW.event_id IS NULL) EXECUTE FUNCTION find_event_of_like();

      CREATE FUNCTION add_share() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO shares (user_id, object_type, object_id, event_id, version, time)
        VALUES (NEW.stream, NEW.data #>> '{object,type}', (NEW.data #>> '{object,id}')::bigint,
                NEW.event_id, NEW.version, NEW.time);
        RETURN NULL;
      END $$;
      CREATE TRIGGER shares_from_events AFTER INSERT ON events
        FOR EACH ROW WHEN (NEW.type = 'activity.object-shared.v1') EXECUTE FUNCTION add_share();

      CREATE TABLE shares (
        user_id     integer NOT NULL,
        object_type text NOT NULL,
        object_id   bigint NOT NULL,
        event_id    uuid NOT NULL,
        version     bigint NOT NULL,
        time        timestamptz NOT NULL,
        PRIMARY KEY (user_id, object_type, object_id, version)
      );
      CREATE INDEX shares_of_object ON shares (object_type, object_id, time DESC, user_id DESC);`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER likes_of_previous_version ON likes;
      DROP TRIGGER shares_from_events ON events;
      DROP FUNCTION find_event_of_like, add_share;
      DROP TABLE shares;
      ALTER TABLE likes DROP COLUMN event_id, DROP COLUMN version;`);
  }
}
