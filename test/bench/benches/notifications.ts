import { encodeLogPosition, type Microseconds, NO_MARKS, type UserId } from '@activity-feed/contracts';
import { ReadNotifications } from '../../../services/feed/dist/read-notifications/read-notifications.js';
import { TimelineIndex } from '../../../services/feed/dist/timeline-index/timeline-index.js';
import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import type { Benchmark } from '../benchmark.ts';
import { drawAuthor } from '../measure/filled-index.ts';
import { NOTIFICATIONS_COUNT, NOTIFICATIONS_PAGE, PHOTOS, SHARE, UNSEEN } from '../notifications/section.ts';

const DAY = 86_400_000_000;
const MONTH = 30 * DAY;
const USER = 2_000_000_000 as UserId;
const PARTITIONS = 12;
const READS = 50;

/** Pages and counts for a user whom very many activities concern, in this process. */
export const notifications: Benchmark = {
  name: 'notifications',
  async run({ sizes }) {
    const { activities, authors } = sizes.index;
    const index = filledIndex(activities, authors);
    const reads = new ReadNotifications({
      scope: { ofReader: async () => ({ index, behind: false, view: undefined }) },
      // Everything is in memory.
      pool: undefined as never,
      applied: { reach: async () => true },
    });
    const query = { reader: USER, atLeast: [], limit: 50 };
    const page = () => reads.page(query);
    const count = () => reads.count(query);
    for (const read of [page, count]) await timeOf(read);
    const rounds: (readonly [page: number, count: number])[] = [];
    for (let round = 0; round < sizes.rounds; round++) rounds.push([await timeOf(page), await timeOf(count)]);
    return [
      { name: NOTIFICATIONS_PAGE, unit: 'ms', ours: rounds.map(([ours]) => ours) },
      { name: NOTIFICATIONS_COUNT, unit: 'ms', ours: rounds.map(([, ours]) => ours) },
    ];
  },
};

function filledIndex(activities: number, authors: number): TimelineIndex {
  const index = new TimelineIndex({ budget: activities, followeeBudget: 1 });
  const noon = Math.floor((Date.now() * 1_000) / DAY) * DAY + DAY / 2;
  const offsets = new Array<number>(PARTITIONS).fill(0);
  const add = (entry: number, target: number, objectId: number) => {
    const author = drawAuthor(authors);
    const partition = author % PARTITIONS;
    index.addUser(author, `author_${author}`);
    const time = (noon - MONTH + Math.floor((entry / activities) * MONTH)) as Microseconds;
    index.addRow({
      ...{ time, id: [entry, 0, 0, 0], actor: index.users.number(author), target: index.users.number(target) },
      ...{ verb: 'like', objectType: 'photo', objectId },
      place: { source: 'activity', partition, offset: (offsets[partition] as number)++ },
    });
  };
  index.addUser(USER, 'author');
  for (let entry = 0; entry < activities - UNSEEN; entry++) {
    if (entry % SHARE === 0) add(entry, USER, 1 + Math.floor(Math.random() * PHOTOS));
    else add(entry, drawAuthor(authors), PHOTOS + 1 + Math.floor(Math.random() * activities));
  }
  const until = encodeLogPosition({ 'social-graph': [], activity: offsets, 'social-graph-private': [] });
  index.notifications.setMarks(index.users.number(USER), { ...NO_MARKS, seen: until, read: until });
  for (let place = 0; place < UNSEEN; place++) add(activities - UNSEEN + place, USER, 1 + place);
  for (const [partition, next] of offsets.entries()) index.log.noteReached('activity', partition, next);
  return index;
}

/** The p50 in milliseconds of a read. */
async function timeOf(read: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < READS; turn++) {
    const startedAt = performance.now();
    await read();
    times.push(performance.now() - startedAt);
  }
  return percentileOf(sorted(times), 50);
}
