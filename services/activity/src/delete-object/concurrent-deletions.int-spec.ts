import type { ObjectRef, User } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { DeletionUnderTest, fan, owner, user } from '../../../../test/harness/deletion-under-test';
import { LikeObjectHandler } from '../like-object/like-object.handler';
import { DeleteObjectHandler } from './delete-object.handler';

const RECORDED = { ok: true, value: { outcome: 'recorded' } };

describe('deletions and restores at the same time', () => {
  let under: DeletionUnderTest;
  /** Of a second instance of the service. */
  let there: { deleting: DeleteObjectHandler; liking: LikeObjectHandler };

  beforeAll(async () => {
    under = await DeletionUnderTest.open();
    const { database, knownObjects } = under.activity;
    const second = new EventStore(database.pool, () => undefined);
    there = {
      deleting: new DeleteObjectHandler(second, database.pool, 30),
      liking: new LikeObjectHandler(second, knownObjects),
    };
  });
  afterEach(async () => expect(await under.wrongRows()).toEqual([]));
  afterAll(() => under?.close());

  it('puts concurrent deletions, restores, edits and the owner’s likes by two instances into a single order', async () => {
    const object = await under.activity.post(owner, 'photo', '0');
    const others = Array.from({ length: 8 }, (_, index) => user(10 + index));
    await Promise.all(
      Array.from({ length: 96 }, (_, index) => {
        const { deleting, liking } = index % 2 ? there : under.activity;
        switch ((index % 6) >> 1) {
          case 0:
            return deleting.delete({ object, by: owner });
          case 1:
            return deleting.restore({ object, by: index % 12 < 6 ? owner : 'admin' });
          default:
            return liking.handle({ actor: others[(index >> 1) % others.length] as User, object });
        }
      }),
    );
    const changes = (await under.eventsOf(object)).slice(1).map(({ type }) => type);
    expect(changes).toEqual(changes.map((_, index) => `activity.object-${index % 2 ? 'restored' : 'deleted'}.v1`));
    expect(changes.length).toBeGreaterThan(1);
    await under.restore(object);
    const likers = await under.listing.likes({ object, reader: owner.id, limit: 50 });
    const { rows } = await under.activity.database.pool.query(
      "SELECT count(*)::int AS count FROM events WHERE type = 'activity.object-liked.v1' AND (data #>> '{object,id}')::int = $1",
      [object.id],
    );
    expect(likers.ok && likers.value.likes).toHaveLength(rows[0].count);
  });

  it('puts concurrent deletions of a comment by its writer and by the owner of its object into a single order', async () => {
    const photo = await under.activity.post(owner);
    const comment = await under.activity.comment(fan, photo);
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, index) => {
        const { deleting } = index % 2 ? there : under.activity;
        const by = index % 8 < 4 ? fan : owner;
        return index % 4 < 2 ? deleting.delete({ object: comment, by }) : deleting.restore({ object: comment, by });
      }),
    );
    const [, ...changes] = await under.eventsOf(comment, fan);
    expect(changes.map(({ type }) => type)).toEqual(
      changes.map((_, index) => `activity.object-${index % 2 ? 'restored' : 'deleted'}.v1`),
    );
    // Whoever restored it had deleted it.
    for (let index = 1; index < changes.length; index += 2) {
      expect(changes[index]?.data.by).toEqual(changes[index - 1]?.data.by);
    }
    expect(answers.filter((answer) => answer.ok && answer.value.outcome === 'recorded')).toHaveLength(changes.length);
  });

  it('deletes objects of many owners in one transaction', async () => {
    const owners = Array.from({ length: 20 }, (_, index) => user(200 + index));
    const objects = await Promise.all(owners.map((actor) => under.activity.post(actor)));
    const answers = await Promise.all(objects.map((object, index) => under.remove(object, owners[index])));
    expect(answers).toMatchObject(Array(20).fill(RECORDED));
    const { rows } = await under.activity.database.pool.query(
      "SELECT DISTINCT transaction_id FROM events WHERE stream >= 200 AND type = 'activity.object-deleted.v1'",
    );
    expect(rows.length).toBeLessThan(20);
    expect(await under.restore(objects[3] as ObjectRef, owners[3])).toMatchObject(RECORDED);
  });
});
