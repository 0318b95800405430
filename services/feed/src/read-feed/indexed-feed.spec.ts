import { setImmediate as nextTurn } from 'node:timers/promises';
import { FEED_STATUSES, type PageQuery, type UserId } from '@activity-feed/contracts';
import { type BorrowedReply, type Reply, readAtOnce } from '@activity-feed/link';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { IndexedFeed } from './indexed-feed';

const READER = 1_000_000;
const FOLLOWEES = 60_000;
const ACTIVITIES = 120_000;

describe('pages of a user with very many followees', () => {
  const index = new TimelineIndex({ budget: 1_000_000, followeeBudget: 1_000_000 });
  const feed = new IndexedFeed({
    index,
    versions: { has: () => true, reach: async () => true } as never,
    followees: {} as never,
    hypertable: {} as never,
    isReady: () => true,
  });

  beforeAll(() => {
    const start = (Date.now() - 86_400_000) * 1_000;
    for (let entry = 0; entry < ACTIVITIES; entry++) {
      const author = 1 + ((entry * 7_919) % FOLLOWEES);
      index.addUser(author, `author_${author}`);
      const actor = index.users.number(author);
      // Three activities each share a time.
      const time = start + Math.floor(entry / 3) * 1_000;
      index.addRow({
        time,
        id: [entry, 0, 0, 0],
        actor,
        verb: 'like',
        objectType: 'post',
        objectId: entry,
        target: actor,
      });
    }
    index.addUser(READER, 'reader');
    const followees = Uint32Array.from({ length: FOLLOWEES }, (_, author) => index.users.number(author + 1));
    index.follows.set(index.users.number(READER), followees.sort(), 1);
  });

  const query = (cursor?: string) =>
    ({
      feed: 'friends',
      reader: READER as UserId,
      limit: 50,
      cursor,
      atLeast: [],
      nextUrl: '/?cursor=',
    }) as unknown as PageQuery;
  const objects = ({ status, payload }: Reply | BorrowedReply) => {
    expect(status).toBe(FEED_STATUSES.ok);
    const page = JSON.parse(Buffer.from(readAtOnce(payload)).toString()) as { friends_feed: { object_id: number }[] };
    return page.friends_feed.map(({ object_id }) => object_id);
  };

  it.each([
    ['the first page', undefined],
    ['after a cursor', ACTIVITIES - 1_000],
    ['after a cursor far back', 1_000],
  ])('contain the newest activities and yield to other work: %s', async (_, entry) => {
    const before =
      entry === undefined ? undefined : { time: index.rows.timeOf(entry) as number, id: [entry, 0, 0, 0] as never };
    let turns = 0;
    let done = false;
    const others = (async () => {
      for (; !done; turns++) await nextTurn();
    })();
    const reply = await feed.page(query(), before);
    done = true;
    await others;
    const newest = (entry ?? ACTIVITIES) - 1;
    expect(objects(reply)).toEqual(Array.from({ length: 50 }, (_, place) => newest - place));
    expect(turns).toBeGreaterThanOrEqual(FOLLOWEES / 500 - 1);
  });
});
