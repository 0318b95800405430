import { fromMicroseconds, fromMilliseconds, type ObjectRef, type UserId } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { Client } from 'pg';
import { EffectsOfStreams } from '../../../../test/harness/effects-of-streams';
import { eventually } from '../../../../test/harness/eventually';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import type { Effects } from '../activity/effects';
import { KnownUsers } from '../project-activities/known-users';
import { projectEffects } from '../project-activities/project-effects';
import { MoveActivities } from './move-activities';

const NOW = Date.parse('2026-03-10T12:10:00Z');
const [OWNER, FAN] = [1, 2];
const PHOTO: ObjectRef = { type: 'photo', id: 21 };
const DAY = 86_400_000;

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

  const project = (...effects: Effects[]) =>
    inTransaction(database.pool, (tx) => projectEffects(tx, effects, new KnownUsers(), () => NOW));

  /** Moves everything. Transactions of other tests on the same server delay it. */
  const moveAll = (mover = new MoveActivities(client, () => NOW)) =>
    eventually('all activities are moved', () => mover.turn());

  it('does not end while a row that a statement has left is visible', async () => {
    const streams = new EffectsOfStreams(fromMilliseconds(NOW));
    const effects = [
      streams.does(OWNER, 'post', PHOTO),
      streams.does(FAN, 'like', PHOTO),
      streams.deletes(OWNER, PHOTO),
    ];
    await project(...effects.slice(0, 2));
    await project(...effects.slice(2));
    await database.pool.query(LEAVE_ONE);
    await moveAll();
    expect(await count('left_rows')).toBe(1);
    expect(await count('activities')).toBe(0);
    expect(await count('hidden_activities')).toBe(2);
  });

  it('takes a few objects in a turn, and the next ones in the next, whether it has finished with the first or not', async () => {
    const streams = new EffectsOfStreams(fromMilliseconds(NOW));
    const photos = Array.from({ length: 25 }, (_, index): ObjectRef => ({ type: 'photo', id: 100 + index }));
    const other = await database.pool.connect();
    try {
      // May write to the wrong table until it ends.
      await other.query("BEGIN; INSERT INTO projection_offsets VALUES ('activity.events.v1', 5, 0)");
      await project(...photos.map((photo) => streams.does(OWNER, 'post', photo)));
      await project(...photos.map((photo) => streams.deletes(OWNER, photo)));
      const mover = new MoveActivities(client, () => NOW);
      for (const hidden of [20, 25, 25]) {
        expect(await mover.turn()).toBe(false);
        expect(await count('hidden_activities')).toBe(hidden);
      }
      await other.query('COMMIT');
      await moveAll(mover);
      expect(await count('object_states WHERE NOT moved')).toBe(0);
    } finally {
      other.release();
    }
  });

  it('searches once for all that it shows, and leaves what other deletions hide, also those made meanwhile', async () => {
    const streams = new EffectsOfStreams(fromMilliseconds(NOW));
    const comments = [9, 10].map((id): ObjectRef => ({ type: 'comment', id }));
    const of = { rootType: PHOTO.type, rootId: PHOTO.id, rootOwnerId: OWNER as UserId };
    await project(streams.does(OWNER, 'post', PHOTO));
    for (let fan = 2; fan < 7; fan++) await project(streams.does(fan, 'like', PHOTO));
    for (const comment of comments) {
      await project(
        streams.does(FAN, 'comment', PHOTO, { commentId: comment.id }),
        streams.does(OWNER, 'like', comment, of),
      );
    }
    const [first, second] = comments as [ObjectRef, ObjectRef];
    await project(streams.deletes(OWNER, PHOTO), streams.deletes(FAN, first));
    await moveAll();
    await project(streams.restores(OWNER, PHOTO));

    const searches: string[] = [];
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    jest.spyOn(client, 'query').mockImplementation(async (...args: unknown[]) => {
      const text = String(args[0]);
      if (text.includes('DECLARE')) searches.push(text);
      if (text.includes('FETCH') && searches.length === 1) await project(streams.deletes(FAN, second));
      return query(...args);
    });
    await new MoveActivities(client, () => NOW, 2).turn();
    expect(await count('activities')).toBe(6);
    expect(await count('hidden_activities')).toBe(4);
    expect(searches).toHaveLength(1);
  });

  describe('of an object that was created today', () => {
    const before = (days: number) => fromMicroseconds(BigInt(fromMilliseconds(NOW - days * DAY)));
    let streams: EffectsOfStreams;

    beforeEach(async () => {
      streams = new EffectsOfStreams(fromMilliseconds(NOW));
      const post = streams.does(OWNER, 'post', PHOTO);
      // The second is from a clock that was behind; the first cannot be.
      const likes = [20, 1].map((days) => streams.does(FAN, 'like', PHOTO, { time: before(days) }));
      await project(post, ...likes);
    });

    it('looks into no chunk that ended more than a day before', async () => {
      await project(streams.deletes(OWNER, PHOTO, before(0)));
      await moveAll();
      expect(await count('hidden_activities')).toBe(2);
      expect(await count('activities')).toBe(1);
    });

    it('looks into all chunks if the event does not say when it was created', async () => {
      await project(streams.deletes(OWNER, PHOTO));
      await moveAll();
      expect(await count('hidden_activities')).toBe(3);
    });

    it('remembers the time when it is restored and deleted again by events without it', async () => {
      const changes = [
        streams.deletes(OWNER, PHOTO, before(0)),
        streams.restores(OWNER, PHOTO),
        streams.deletes(OWNER, PHOTO),
      ];
      for (const change of changes) await project(change);
      await moveAll();
      expect(await count('hidden_activities')).toBe(2);
    });
  });
});
