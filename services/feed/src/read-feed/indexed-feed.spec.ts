import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  FEED_STATUSES,
  fromMilliseconds,
  type Microseconds,
  type PageQuery,
  type UserId,
} from '@activity-feed/contracts';
import { type BorrowedReply, type Reply, readAtOnce } from '@activity-feed/link';
import { LOWEST_ID } from '../activity/positions';
import { IDS_PER_TURN, IdArray } from '../hypertable/id-array';
import type { PageRequest } from '../hypertable/placed-entry';
import { NO_TAKE_BACKS } from '../read-own-writes/recent-take-backs';
import { UNDONE } from '../timeline-index/rows/row-segment';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { IndexedFeed } from './indexed-feed';

const READER = 1_000_000;
const FOLLOWEES = 60_000;
const ACTIVITIES = 120_000;

describe('pages of a user with very many followees', () => {
  const index = new TimelineIndex({ budget: 1_000_000, followeeBudget: 1_000_000 });
  const options = {
    index,
    versions: { has: () => true, reach: async () => true } as never,
    followees: {} as never,
    hypertable: {} as never,
    takeBacks: { requiredBy: () => NO_TAKE_BACKS },
    isReady: () => true,
  };
  const feed = new IndexedFeed(options);

  beforeAll(() => {
    const start = fromMilliseconds(Date.now() - 86_400_000);
    for (let entry = 0; entry < ACTIVITIES; entry++) {
      const author = 1 + ((entry * 7_919) % FOLLOWEES);
      index.addUser(author, `author_${author}`);
      const actor = index.users.number(author);
      // Three activities each share a time.
      const time = (start + Math.floor(entry / 3) * 1_000) as Microseconds;
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

  /** The reply of `read`, and the turns that other work has meanwhile. */
  async function besideOthers(read: () => ReturnType<IndexedFeed['page']>) {
    let turns = 0;
    let done = false;
    const others = (async () => {
      for (; !done; turns++) await nextTurn();
    })();
    const reply = await read();
    done = true;
    await others;
    return { turns, reply };
  }

  it.each([
    ['the first page', undefined],
    ['after a cursor', ACTIVITIES - 1_000],
    ['after a cursor far back', 1_000],
  ])('contain the newest activities and yield to other work: %s', async (_, entry) => {
    const before = entry === undefined ? undefined : { time: index.rows.timeOf(entry), id: [entry, 0, 0, 0] as never };
    const { turns, reply } = await besideOthers(() => feed.page(query(), before));
    const newest = (entry ?? ACTIVITIES) - 1;
    expect(objects(reply)).toEqual(Array.from({ length: 50 }, (_, place) => newest - place));
    expect(turns).toBeGreaterThanOrEqual(FOLLOWEES / 500 - 1);
  });

  it('lack nothing if many of the newest activities are taken back while the followees are looked through', async () => {
    const reply = feed.page(query(), { time: (index.rows.timeOf(ACTIVITIES - 1) + 1) as Microseconds, id: LOWEST_ID });
    for (let turn = 0; turn < FOLLOWEES / 500 / 2; turn++) await nextTurn();
    const hidden = 200;
    for (let entry = ACTIVITIES - hidden; entry < ACTIVITIES; entry++) index.lists.hide(entry, UNDONE);
    expect(objects(await reply)).toEqual(Array.from({ length: 50 }, (_, place) => ACTIVITIES - hidden - 1 - place));
  });

  it('pass the ids of the followees to the hypertable in turns of limited length', async () => {
    const index = new TimelineIndex({ budget: 1_000, followeeBudget: FOLLOWEES });
    // Memory begins above the followees' activities.
    index.beginAbove(fromMilliseconds(Date.now()));
    const ids = Array.from({ length: 4 * IDS_PER_TURN + 1 }, (_, author) => (author + 1) as UserId);
    index.follows.set(
      index.users.number(READER),
      Uint32Array.from(ids, (id) => index.users.number(id)),
      0,
    );
    const page = jest.fn(async (_: PageRequest) => []);
    const older = new IndexedFeed({ ...options, index, hypertable: { page } });
    const idOf = jest.spyOn(index.users, 'idOf');
    const { turns } = await besideOthers(() => older.page(query(), undefined));
    expect(idOf).toHaveBeenCalledTimes(ids.length);
    expect(turns).toBeGreaterThanOrEqual(4);
    expect(page.mock.calls[0]?.[0].actors).toEqual(IdArray.of(...ids));
  });
});
