import { withConnection } from '@activity-feed/backend';
import { type EventSource, encodeLogPosition, type LogPosition, type UserId } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import { NotifiedStreams, USERS } from '../../../../test/harness/notified-streams';
import type { TestDatabase } from '../../../../test/harness/test-database';
import { seededRandom } from '../../../../test/world/random';
import type { Effects } from '../activity/effects';
import { readHiddenIds } from '../hypertable/hidden-ids';
import { fillIndex } from '../load-index/fill-index';
import { KnownUsers } from '../project-activities/known-users';
import { projectEffects } from '../project-activities/project-effects';
import { inTurns } from '../timeline-index/queries/in-turns';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { findGroups, type GroupsAsked } from './find-groups';
import { type FoundGroup, toReadMarks } from './notification-groups';
import { indexedUser, type NotifiedUser, storedUser } from './notified-user';

const EVENTS = 60;
const ROUNDS = 3;
/** Of 32 rows, so that a small budget covers some days only. */
const SEGMENT_BITS = 5;
const LARGE = 65_536;
const NO_MARKS = { seen: null, read: null, groups: [] };

describe.each([1, 2, 3, 4, 5])('notifications of random streams, seed %d', (seed) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createFeedDatabase();
  });
  afterAll(() => database.drop());

  const newIndex = (budget: number) =>
    new TimelineIndex({ budget, followeeBudget: 1_000, segmentBits: budget === LARGE ? 16 : SEGMENT_BITS });

  async function loaded(budget: number): Promise<TimelineIndex> {
    const index = newIndex(budget);
    await withConnection({ connectionString: database.url }, (client) =>
      fillIndex(client, index, budget, () => undefined),
    );
    return index;
  }

  async function groupsOf(user: NotifiedUser, asked: Partial<GroupsAsked> = {}): Promise<FoundGroup[]> {
    const found: FoundGroup[] = [];
    for await (const group of findGroups(user, { marks: toReadMarks(NO_MARKS), ...asked })) found.push(group);
    return found;
  }

  const inMemory = (index: TimelineIndex, user: UserId) =>
    indexedUser(index, database.pool, user, index.viewers.fixedViewOf(user, 'unasked'), async () => undefined);

  it('are the same in the database, in memory, in memory loaded from the database, and in both', async () => {
    const streams = new NotifiedStreams(seededRandom(seed), Date.UTC(2026, 10, 20) * 1_000);
    const followed = newIndex(LARGE);
    const reached: Record<EventSource, number[]> = { 'social-graph': [], activity: [], 'social-graph-private': [] };
    const positions: LogPosition[] = [];
    let compared = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const batch = Array.from({ length: EVENTS }, () => streams.next());
      await inTransaction(database.pool, (tx) => projectEffects(tx, batch, new KnownUsers(), Date.now));
      for (const effects of batch) {
        expect(followed.apply(effects)).toBe('applied');
        note(reached, effects);
      }
      await inTurns(followed.settle());
      positions.push(structuredClone(reached));
      const indexes = [followed, await loaded(LARGE), await loaded(2 ** SEGMENT_BITS)];
      expect(indexes[2]?.isComplete).toBe(false);
      for (const user of USERS) {
        const stored = storedUser(database.pool, user, await readHiddenIds(database.pool, user, 'unasked'));
        const all = await groupsOf(stored);
        compared += all.length;
        const marks = { ...NO_MARKS, seen: encoded(positions.at(-2)), read: encoded(positions.at(-3)) };
        const marked = await groupsOf(stored, { marks: toReadMarks(marks) });
        for (const index of indexes) {
          index.notifications.setMarks(index.users.number(user), marks);
          const reader = inMemory(index, user);
          const until = await reader.markedUntil();
          expect(await groupsOf(reader, { marks: toReadMarks(marks), until })).toEqual(marked);
        }
        const asked = [{}, ...positions.map((asOf) => ({ asOf })), { after: all[3]?.newest, asOf: positions[0] }];
        for (const question of asked) {
          const expected = await groupsOf(stored, question);
          for (const index of indexes) expect(await groupsOf(inMemory(index, user), question)).toEqual(expected);
        }
      }
    }
    expect(compared).toBeGreaterThan(50);
  });
});

const encoded = (position: LogPosition | undefined) => (position ? encodeLogPosition(position) : null);

function note(reached: Record<EventSource, number[]>, { source, stream, offset = 0 }: Effects): void {
  const offsets = reached[source as EventSource];
  while (offsets.length <= stream % 3) offsets.push(0);
  offsets[stream % 3] = offset + 1;
}
