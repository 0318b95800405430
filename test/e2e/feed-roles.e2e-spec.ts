import { setTimeout as pause } from 'node:timers/promises';
import { DEADLINE } from '@activity-feed/link';
import { Client } from 'pg';
import { dropChunks, droppableUntil } from '../../services/feed/src/retain-activities/dropped-chunks';
import { type ApiClient, request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';
import { SteadyReads } from './steady-reads';

const ONE_OF_LAST_MONTH = `
INSERT INTO activities (time, event_id, actor_id, verb, object_type, object_id)
SELECT now() - interval '30 days', gen_random_uuid(), id, 'post', 'post', 1 FROM users WHERE name = $1`;

/** Milliseconds after which the link asks a reader again that has missed a deadline. */
const PASSED_OVER = 1_000;

describe('two readers and a projector', () => {
  let system: System;
  let projector: ServiceProcess;
  let readers: ServiceProcess[];
  /** One gateway per reader, which uses only this reader. */
  let doors: string[];

  beforeAll(async () => {
    system = await System.start({ feeds: ['projector', 'reader', 'reader'] });
    [projector, ...readers] = system.feeds as [ServiceProcess, ...ServiceProcess[]];
    doors = await Promise.all(readers.map(({ rpcAddress }) => system.openGateway({ FEED_ADDRESS: rpcAddress })));
  });
  afterAll(() => system?.stop());

  const atEach = (user: ApiClient) => doors.map((door) => user.at(door));

  it('return the same pages', async () => {
    const follower = await system.as('dina');
    const authors = await Promise.all(['alma', 'bodo', 'cora'].map((name) => system.as(name)));
    for (const name of ['alma', 'bodo', 'cora']) await follower.follow(name);
    await Promise.all(
      authors.map(async (author) => {
        for (let count = 0; count < 5; count++)
          await author.like(`post:${(await author.post('post', 'a')).body.object_id}`);
      }),
    );
    // Reading one's own feed waits for all own writes, so each reader then has everything.
    await Promise.all(authors.flatMap((author) => atEach(author).map((there) => there.myFeed())));

    for (const [user, feed, entries] of [
      [authors[0], 'my', 10],
      [follower, 'friends', 30],
    ] as const) {
      let seen = 0;
      for (let path = `/feed/${feed}?limit=4`; path !== ''; ) {
        const [one, other] = await Promise.all(atEach(user as ApiClient).map((there) => there.get(path)));
        expect(other?.body).toEqual(one?.body);
        seen += one?.body[`${feed}_feed`].length;
        path = one?.body.next_url;
      }
      expect(seen).toBe(entries);
    }
  });

  it('show users their own writes immediately, whichever reader answers', async () => {
    const user = await system.as('emma');
    for (let round = 0; round < 25; round++) {
      const { body } = await user.post('post', `${round}`);
      const pages = await Promise.all(atEach(user).map((there) => there.freshPage('/feed/my?limit=1')));
      expect(pages.map(({ entries }) => entries[0]?.object_id)).toEqual([body.object_id, body.object_id]);
      await user[round % 2 ? 'unfollow' : 'follow']('nico');
      const verbs = await Promise.all(atEach(user).map(async (there) => (await there.myFeed())[0]?.verb));
      expect(verbs).toEqual(round % 2 ? ['unfollow', 'unfollow'] : ['follow', 'follow']);
    }
  });

  /** Whether the gateway that knows both readers uses `reader`: if so, one of a few reads hangs while it is frozen. */
  async function isAsked(reader: ServiceProcess): Promise<boolean> {
    const user = await system.as('ivan');
    reader.signal('SIGSTOP');
    const reads = Promise.all([1, 2, 3, 4].map(() => user.myFeed()));
    const answered = await Promise.race([reads.then(() => true), pause(500, false)]).finally(() =>
      reader.signal('SIGCONT'),
    );
    await reads;
    return !answered;
  }

  it('are used in turn', async () => {
    for (const reader of readers) expect(await isAsked(reader)).toBe(true);
  });

  it.each([0, 1])('lose no read if one is killed, and both are used again after its restart: %i', async (index) => {
    const reader = readers[index] as ServiceProcess;
    const reads = new SteadyReads(await system.as('ivan'));
    await reads.more(50);
    await reader.end('SIGKILL');
    await reads.more(200);
    await reader.start();
    await eventually('it is asked again', () => isAsked(reader));
    await reads.stop();
    expect(reads.failed).toEqual([]);
  });

  it('fail reads only until the link’s deadline if one is frozen, and both are used again afterwards', async () => {
    const [frozen] = readers as [ServiceProcess];
    const reads = new SteadyReads(await system.as('ivan'));
    await reads.more(50);
    const frozenAt = performance.now();
    frozen.signal('SIGSTOP');
    try {
      // A read that the link probes the frozen reader with would have failed by now.
      await reads.until(frozenAt + 2 * DEADLINE + PASSED_OVER + 500);
    } finally {
      frozen.signal('SIGCONT');
    }
    await eventually('it is asked again', () => isAsked(frozen));
    await reads.stop();
    expect(reads.failed.length).toBeGreaterThan(0);
    // Once the gateway has answered the first, it knows.
    const known = Math.min(...reads.failed.map(({ begun, took }) => begun + took));
    expect(reads.failed.filter(({ begun }) => begun > known)).toEqual([]);
    // A read that is retried keeps its deadline.
    expect(Math.min(...reads.failed.map(({ took }) => took))).toBeLessThan(2 * DEADLINE - 50);
  });

  it('need no projector to start: a reader serves the hypertable and newer events from the log', async () => {
    const [author, follower] = [await system.as('edda'), await system.as('falk')];
    const ids = async () => (await follower.at(doors[1] as string).friendsFeed()).map(({ object_id }) => object_id);
    await follower.follow('edda');
    const { body: before } = await author.post('post', 'projected');
    await eventually('the hypertable has both', async () => (await inHypertable('edda', 'falk')) === 2);
    await projector.end('SIGTERM');
    await readers[1]?.end('SIGKILL');
    const { body: after } = await author.post('post', 'in the log alone');

    await readers[1]?.start();
    expect(await eventually('the reader answers', ids)).toContain(before.object_id);
    await eventually('it has caught up', async () => (await ids()).length === 2);
    expect(await ids()).toEqual([after.object_id, before.object_id]);
    expect(await inHypertable('edda')).toBe(1);

    await projector.start();
    await eventually('the hypertable has it too', async () => (await inHypertable('edda')) === 2);
    expect(await ids()).toEqual([after.object_id, before.object_id]);
  });

  it('drop expired activities from memory too', async () => {
    const author = await system.as('gerd');
    const { body: today } = await author.post('post', 'of today');
    await eventually('the hypertable has it', async () => (await inHypertable('gerd')) === 1);
    await withFeedDatabase((client) => client.query(ONE_OF_LAST_MONTH, ['gerd']));
    const reader = readers[0] as ServiceProcess;
    await reader.end('SIGTERM');
    await reader.start();
    const there = author.at(doors[0] as string);
    const ids = async () => (await there.myFeed()).map(({ object_id }) => object_id);
    await eventually('pages come from memory', async () => {
      const { body } = await request(`http://127.0.0.1:${reader.httpPort}`, '/health/ready');
      return body.dependencies['timeline-index'] === 'up';
    });
    expect(await ids()).toEqual([today.object_id, 1]);

    await withFeedDatabase(async (client) => {
      await dropChunks(client, (await droppableUntil(client, Date.now() - 86_400_000)) as number);
    });
    await eventually('it is gone from memory', async () => (await ids()).length === 1);
    expect(await ids()).toEqual([today.object_id]);
  });

  /** The number of these users' activities in the hypertable. */
  function inHypertable(...names: string[]): Promise<number> {
    const count =
      'SELECT count(*)::int AS count FROM activities JOIN users ON users.id = actor_id WHERE name = ANY ($1)';
    return withFeedDatabase(async (client) => (await client.query(count, [names])).rows[0].count);
  }

  async function withFeedDatabase<Value>(work: (client: Client) => Promise<Value>): Promise<Value> {
    const client = new Client({ connectionString: system.databases.feed });
    await client.connect();
    return work(client).finally(() => client.end());
  }
});
