import type { EventTime, UserId } from '@activity-feed/contracts';
import type { Effects } from '../../services/feed/src/activity/effects';
import { createFeedDatabase } from '../harness/feed-databases';
import type { TestDatabase } from '../harness/test-database';
import type { WorldPlan } from '../world/plan';
import type { PostedObject } from '../world/social-state';
import { ActivityModel } from './activity-model';
import { expectAsModel, type Questions } from './expect-as-model';
import { FeedUnderTest } from './feed-under-test';
import { LaterEvents } from './later-events';
import { WorldEffects } from './world-effects';

const MINUTE = 60_000;

const plan: WorldPlan = {
  users: 60,
  activities: 2_000,
  days: 5,
  seed: 7,
  until: '2026-03-10T22:00:00.000000+00:00' as EventTime,
  firstIds: { user: 1, post: 1, photo: 1, comment: 1 },
};
const MIDNIGHT = Date.parse('2026-03-11T00:00:00Z');

jest.setTimeout(120_000);

describe('reads while the projector is stalled after a start without new events', () => {
  const model = new ActivityModel();
  const world = new WorldEffects(plan);
  const log = [...world.all()];
  const objects = log.flatMap(({ activity }) => (activity?.verb === 'post' ? [objectOf(activity)] : []));
  const later = new LaterEvents(world, plan.users, objects);
  const readers = [0, 0.5].map((share) => (world.world.userAt(share) + 1) as UserId);
  let database: TestDatabase;
  let feed: FeedUnderTest;

  beforeAll(async () => {
    database = await createFeedDatabase();
    feed = await FeedUnderTest.open(database, false, MIDNIGHT - 90 * MINUTE);
    for (const effects of log) model.add(effects);
    await feed.project(log);
    await feed.refresh();
    // As a reader that starts when the database has everything in the log.
    await feed.restart();
  });
  afterAll(async () => {
    await feed?.close();
    await database?.drop();
  });

  const questionsAbout = (effects: readonly Effects[]): Questions => {
    const asked = effects.flatMap(({ activity }) => (activity ? [objectOf(activity)] : []));
    return { readers, objects: asked, limit: 40, pages: 2, days: [1, 7] };
  };

  it('keep all counts, trends, groups and sums when the hour and the day change', async () => {
    const unwritten: Effects[] = [];
    for (const minute of [-85, -50, 5, 35, 65]) {
      const events = later.between(feed.time, MIDNIGHT + minute * MINUTE, 20);
      feed.time = MIDNIGHT + minute * MINUTE;
      feed.receive(events);
      for (const event of events) model.add(event);
      unwritten.push(...events);
      await expectAsModel(feed, model, questionsAbout(unwritten));
    }
    // Then the projector continues, batch by batch.
    for (let from = 0; from < unwritten.length; from += 40) {
      await feed.project(unwritten.slice(from, from + 40));
      await expectAsModel(feed, model, questionsAbout(unwritten));
    }
    feed.time += 5 * MINUTE;
    await feed.refresh();
    await expectAsModel(feed, model, questionsAbout(unwritten));
  });
});

function objectOf({ objectType, objectId, actorId }: NonNullable<Effects['activity']>) {
  return { type: objectType, id: objectId, owner: actorId - plan.firstIds.user } as PostedObject;
}
