import type { FeedEntry } from '@activity-feed/contracts';
import { Client } from 'pg';
import { type ApiAnswer, type ApiClient, untilCarriedOut } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import type { System } from '../../harness/system';

const WRITES = 30;
const ROUNDS = 2;

const AUTHOR = 'contended_author';
const FAN = 'contended_fan';

const EVENTS = `
SELECT type, data -> 'actor' ->> 'name' AS actor FROM events
WHERE data -> 'object' ->> 'type' = 'photo' AND (data -> 'object' ->> 'id')::bigint = $1 ORDER BY stream, version`;

const IN_ACTIVITY = `
SELECT deleted_at IS NOT NULL AS deleted,
  (SELECT count(*)::int FROM likes WHERE object_type = 'photo' AND object_id = objects.id) AS likes
FROM objects WHERE type = 'photo' AND id = $1`;

/** Verbs by table. Each activity lies in one of them. */
const IN_FEED = `
SELECT (SELECT deleted FROM object_states WHERE object_type = 'photo' AND object_id = $1) AS deleted,
  (SELECT array_agg(verb ORDER BY verb) FROM activities WHERE object_type = 'photo' AND object_id = $1) AS visible,
  (SELECT array_agg(verb ORDER BY verb) FROM hidden_activities WHERE object_type = 'photo' AND object_id = $1) AS hidden`;

interface State {
  deleted: boolean;
  liked: boolean;
}

/** Declares the tests. */
export function testContendedObject(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;
  let activity: Client;
  let feed: Client;
  let steady: string;

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    fan = await system().as(FAN);
    activity = new Client({ connectionString: system().databases.activity });
    feed = new Client({ connectionString: system().databases.feed });
    await Promise.all([activity.connect(), feed.connect()]);
    steady = await author.photo('Sunset');
    // Nobody has a token before their first write.
    await fan.like(steady);
  });
  afterAll(async () => {
    await Promise.all([activity?.end(), feed?.end()]);
  });

  const rowOf = async (client: Client, sql: string, id: number) => (await client.query(sql, [id])).rows[0];

  /** Both users write through both gateways at the same time, without waiting for each other. */
  async function contend(object: string): Promise<void> {
    const there = system().address(1);
    const writers = [author, author.at(there)].flatMap((client) => [
      () => client.delete(`/objects/${object}`),
      () => client.send(`/objects/${object}/restore`, {}),
    ]);
    const likers = [fan, fan.at(there)].flatMap((client) =>
      ['like', 'unlike'].map((verb) => () => client.send('/activity', { verb, object })),
    );
    const repeat = async (write: () => Promise<ApiAnswer>) => {
      for (let time = 0; time < WRITES; time++) expect((await untilCarriedOut(write)).status).toBeLessThan(500);
    };
    await Promise.all([...writers, ...likers].map(repeat));
  }

  /** By the events, in which what changes the state and what changes it back alternate. */
  async function stateOf(id: number): Promise<State> {
    const { rows } = await activity.query<{ type: string; actor: string }>(EVENTS, [id]);
    const types = (actor: string) =>
      rows.filter((row) => row.actor === actor).map(({ type }) => type.replace(/^activity.object-|.v1$/g, ''));
    const [changes, likes] = [types(AUTHOR).slice(1), types(FAN)];
    expect(changes).toEqual(changes.map((_, place) => (place % 2 === 0 ? 'deleted' : 'restored')));
    expect(likes).toEqual(likes.map((_, place) => (place % 2 === 0 ? 'liked' : 'unliked')));
    return { deleted: changes.length % 2 === 1, liked: likes.length % 2 === 1 };
  }

  async function expectEverywhere(id: number, { deleted, liked }: State): Promise<void> {
    const likes = liked ? 1 : 0;
    const rows = liked ? ['like', 'post'] : ['post'];
    expect(await rowOf(activity, IN_ACTIVITY, id)).toEqual({ deleted, likes });
    const [visible, hidden] = deleted ? [null, rows] : [rows, null];
    await eventually('the feed’s tables agree', async () => {
      expect(await rowOf(feed, IN_FEED, id)).toEqual({ deleted, visible, hidden });
      return true;
    });
    await expectReads(id, { deleted, liked });
  }

  async function expectReads(id: number, { deleted, liked }: State): Promise<void> {
    const headers = { 'consistency-token': (await Promise.all([author, fan].map(newestToken))).join(',') };
    const read = async (client: ApiClient, path: string) => (await client.freshGet(path, headers)).body;
    const shown = async (client: ApiClient) =>
      (await read(client, '/feed/my')).my_feed
        .filter((entry: FeedEntry) => entry.object_id === id)
        .map(({ verb }: FeedEntry) => verb);
    const likes = !deleted && liked ? 1 : 0;
    expect(await shown(author)).toEqual(deleted ? [] : ['post']);
    expect(await shown(fan)).toEqual(likes ? ['like'] : []);
    expect(await read(author, `/objects/photo:${id}`)).toMatchObject({ likes, shares: 0, comments: 0 });
    expect((await read(author, `/objects/photo:${id}/likes`)).likes).toHaveLength(likes);
    expect((await fan.get(`/objects/photo:${id}`)).status).toBe(deleted ? 404 : 200);
  }

  /** Of a command that changes nothing. */
  async function newestToken(client: ApiClient): Promise<string> {
    return (await client.unshare(steady)).headers.get('consistency-token') as string;
  }

  it('ends in the same state in events, tables, index and counts', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = (await author.post('photo', 'Sunrise')).body.object_id as number;
      const object = `photo:${id}`;
      await contend(object);
      const state = await stateOf(id);
      await expectEverywhere(id, state);
      await (state.deleted ? author.restore(object) : author.remove(object));
      await expectEverywhere(id, { ...state, deleted: !state.deleted });
      await (state.deleted ? author.remove(object) : author.restore(object));
      await expectEverywhere(id, state);
    }
  });
}
