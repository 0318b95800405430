import { fromMilliseconds, type ObjectRef } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { Client } from 'pg';
import { EffectsOfStreams } from '../../../../test/harness/effects-of-streams';
import { eventually } from '../../../../test/harness/eventually';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import { KnownUsers } from '../project-activities/known-users';
import { projectEffects } from '../project-activities/project-effects';
import { MoveActivities } from './move-activities';

const NOW = Date.parse('2026-03-10T12:10:00Z');
const [OWNER, FAN] = [1, 2];
const PHOTO: ObjectRef = { type: 'photo', id: 21 };

/** Makes the first DELETE leave a row, as one in a chunk that was compressed meanwhile does. */
const LEAVE_ONE = `
CREATE TABLE left_rows (event_id uuid);
CREATE FUNCTION leave_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM left_rows) THEN RETURN OLD; END IF;
  INSERT INTO left_rows VALUES (OLD.event_id);
  RETURN NULL;
END $$;
CREATE TRIGGER leave_one BEFORE DELETE ON activities FOR EACH ROW EXECUTE FUNCTION leave_one()`;

describe('moving activities of deleted objects', () => {
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    database = await createFeedDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterEach(async () => {
    await client?.end();
    await database?.drop();
  });

  const count = async (from: string) =>
    (await database.pool.query<{ count: number }>(`SELECT count(*)::int FROM ${from}`)).rows[0]?.count;

  it('does not end while a row that a statement has left is visible', async () => {
    const streams = new EffectsOfStreams(fromMilliseconds(NOW));
    const effects = [
      streams.does(OWNER, 'post', PHOTO),
      streams.does(FAN, 'like', PHOTO),
      streams.deletes(OWNER, PHOTO),
    ];
    await inTransaction(database.pool, (tx) => projectEffects(tx, effects.slice(0, 2), new KnownUsers(), () => NOW));
    await inTransaction(database.pool, (tx) => projectEffects(tx, effects.slice(2), new KnownUsers(), () => NOW));
    await database.pool.query(LEAVE_ONE);
    const mover = new MoveActivities(client, () => NOW);
    // Transactions of other tests on the same server delay it.
    await eventually('all activities are moved', () => mover.turn());
    expect(await count('left_rows')).toBe(1);
    expect(await count('activities')).toBe(0);
    expect(await count('hidden_activities')).toBe(2);
  });
});
