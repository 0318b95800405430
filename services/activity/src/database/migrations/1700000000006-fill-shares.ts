import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Positions of events per transaction. The relay waits for open transactions, so it must not be too large. */
const BATCH = 2_000;

/**
 * Fills shares and the new columns of likes from the events before the triggers of the previous migration. Reads and
 * writes continue. It takes up to a minute per million events, and can be interrupted: what exists already is skipped.
 */
export class FillShares1700000000006 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    const [{ last }] = await queryRunner.query('SELECT coalesce(max(position), 0)::float8 AS last FROM events');
    for (let after = 0; after < last; after += BATCH) {
      const range = [after, after + BATCH];
      await queryRunner.query(SHARES, range);
      await queryRunner.query(EVENTS_OF_LIKES, range);
    }
    await queryRunner.query('ALTER TABLE likes VALIDATE CONSTRAINT likes_have_their_event');
    await queryRunner.query('ANALYZE shares');
  }

  async down(): Promise<void> {}
}

/** Relies on the primary key of events. */
const SHARES = `
INSERT INTO shares (user_id, object_type, object_id, event_id, version, time)
SELECT stream, data #>> '{object,type}', (data #>> '{object,id}')::bigint, event_id, version, time FROM events
WHERE position > $1 AND position <= $2 AND type = 'activity.object-shared.v1'
ON CONFLICT DO NOTHING`;

/** Relies on the primary keys of events and likes. The previous version records one like per user and object. */
const EVENTS_OF_LIKES = `
UPDATE likes SET event_id = liked.event_id, version = liked.version
FROM (
  SELECT stream, data #>> '{object,type}' AS type, (data #>> '{object,id}')::bigint AS id, event_id, version FROM events
  WHERE position > $1 AND position <= $2 AND type = 'activity.object-liked.v1'
) AS liked
WHERE user_id = stream AND object_type = liked.type AND object_id = liked.id AND likes.event_id IS NULL`;
