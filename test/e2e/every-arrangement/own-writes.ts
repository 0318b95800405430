import type { FeedEntry } from '@activity-feed/contracts';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { ApiAnswer, ApiClient } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import { testServers } from '../../harness/servers';
import type { System } from '../../harness/system';

const ROUNDS = 15;
/** Has one activity. */
const OTHER = 'own_writes_other';
/** Milliseconds: the limit of 2,000 and a margin for a busy machine. */
const NOT_FOR_EVER = 30_000;

/** Declares the tests. */
export function testOwnWrites(system: () => System): void {
  async function isInDatabase(post: number): Promise<void> {
    const feed = new Client({ connectionString: system().databases.feed });
    await feed.connect();
    try {
      const find = "SELECT FROM activities WHERE object_type = 'post' AND object_id = $1";
      await eventually('the database has the post', async () => (await feed.query(find, [post])).rows.length === 1);
    } finally {
      await feed.end();
    }
  }

  /** Another user's activity that readers require, as it may arrive later than theirs. */
  let others: ApiAnswer;

  async function writeHereReadThere(name: string): Promise<void> {
    const writer = await system().as(name);
    const here = writer.after(others);
    const there = here.at(system().address(1));
    await there.follow(OTHER);
    // Without a token: the profiles that gateways keep must be as new.
    const profiles = [writer, writer.at(system().address(1))];
    const followees = () => Promise.all(profiles.map(async (client) => (await client.me()).follow_ids.length));
    let fresh = 0;
    const read = async (client: ApiClient, feed: string): Promise<FeedEntry[]> => {
      const { entries, headers } = await client.servedPage(`/feed/${feed}`);
      // On a busy machine a write may take longer than a read waits, and the answer says so.
      if (headers.get('feed-freshness') === 'behind')
        return client.freshPage(`/feed/${feed}`).then((page) => page.entries);
      fresh++;
      return entries;
    };
    for (let round = 0; round < ROUNDS; round++) {
      const { body } = await here.post('post', `${round}`);
      const [newest] = await read(there, 'my');
      expect(newest?.object_id).toBe(body.object_id);
      await (round % 2 ? there : here).unfollow(OTHER);
      expect(await read(here, 'friends')).toEqual([]);
      expect(await followees()).toEqual([0, 0]);
      await (round % 2 ? there : here).follow(OTHER);
      expect(await followees()).toEqual([1, 1]);
      expect(await read(there, 'friends')).toHaveLength(1);
    }
    expect(fresh).toBeGreaterThan(0);
  }

  it('works immediately, through any gateway', async () => {
    others = await (await system().as(OTHER)).post('post', 'to be seen');
    await writeHereReadThere('olga');
    const redis = new Redis(testServers().redis);
    const { id } = await (await system().as('olga')).me();
    const kept = await redis.hgetall(`${system().id}.written:${id}`);
    redis.disconnect();
    expect(kept).toMatchObject({ activity: String(ROUNDS), 'social-graph': String(2 + 2 * ROUNDS) });
  });

  it('works without Redis', async () => {
    system().proxyTo('redis').cut();
    await writeHereReadThere('paul').finally(() => system().proxyTo('redis').restore());
  });

  it('works after Redis was down, which lacks the versions written meanwhile', async () => {
    const rosa = await system().as('rosa');
    await rosa.myFeed();
    system().proxyTo('redis').cut();
    const { body } = await rosa.post('post', 'while Redis is down').finally(() => system().proxyTo('redis').restore());
    expect((await rosa.myFeed())[0]?.object_id).toBe(body.object_id);
  });

  it('includes others’ writes for a reader with their consistency token', async () => {
    const [author, reader] = [await system().as('sven'), await system().as('tina')];
    await reader.follow('sven');
    let fresh = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { body, headers } = await author.post('photo', `${round}`);
      const token = headers.get('consistency-token') as string;
      const page = await reader
        .at(system().address(1))
        .servedPage('/feed/friends?limit=1', { 'consistency-token': token });
      if (page.headers.get('feed-freshness') === 'behind') continue;
      expect(page.entries[0]?.object_id).toBe(body.object_id);
      fresh++;
    }
    expect(fresh).toBeGreaterThan(0);
  });

  it('returns a token for every write, even if it changes nothing', async () => {
    const user = await system().as('ulla');
    const tokens = [await user.follow(OTHER), await user.follow(OTHER)].map(({ headers }) =>
      headers.get('consistency-token'),
    );
    expect(tokens[0]).toMatch(/^social-graph\.\d+\.2$/);
    expect(tokens[1]).toBe(tokens[0]);
  });

  it('answers after 2 s with the current state, marked as behind', async () => {
    const writer = await system().as('vera');
    const release = await system().holdRelay();
    try {
      await writer.post('post', 'held back');
      const start = performance.now();
      const page = await writer.servedPage('/feed/my');
      expect(page.entries).toEqual([]);
      expect(page.headers.get('feed-freshness')).toBe('behind');
      expect(performance.now() - start).toBeGreaterThan(1_900);
      expect(performance.now() - start).toBeLessThan(NOT_FOR_EVER);
    } finally {
      await release();
    }
  });

  it('is marked as behind if Redis lost the versions and no reader has the write yet', async () => {
    const quinn = await system().as('quinn');
    const { body: seen } = await quinn.post('post', 'seen');
    await isInDatabase(seen.object_id);
    const release = await system().holdRelay();
    try {
      await quinn.post('post', 'not seen yet');
      const redis = new Redis(testServers().redis);
      await redis.del(`${system().id}.written:${(await quinn.me()).id}`);
      redis.disconnect();
      await Promise.all(system().feeds.map((feed) => feed.end('SIGKILL')));
      const starting = Promise.all(system().feeds.map((feed) => feed.start()));
      // A gateway that has seen no request of this user, so it cannot know the versions.
      const there = quinn.at(system().address(1));
      const page = await eventually('a page is answered', () => there.page('/feed/my'), { within: 45_000 });
      const shown = page.entries.map(({ object_id }) => object_id);
      expect([shown, page.headers.get('feed-freshness')]).toEqual([[seen.object_id], 'behind']);
      await starting;
    } finally {
      await release();
    }
    await eventually('it is up to date', async () => {
      const { entries, headers } = await quinn.at(system().address(1)).servedPage('/feed/my');
      return entries.length === 2 && headers.get('feed-freshness') === null;
    });
  });
}
