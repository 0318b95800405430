import { Client } from 'pg';
import type { ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';

/** A restarted feed on a busy machine is behind for a while. */
jest.setTimeout(180_000);

const WRITERS = 4;
/** Milliseconds: the gateway's timeout of 3,000 and a margin for a busy machine. */
const UNAVAILABLE_WITHIN = 20_000;
const SERVICES = ['social-graph', 'activity', 'feed', 'gateway'] as const;

/** Posts, follows and unfollows in turn until stopped. Records what was acknowledged. */
class Writer {
  /** Ids of acknowledged posts. */
  readonly posted: string[] = [];
  /** Acknowledged verbs, in order. */
  readonly changes: string[] = [];
  refused = 0;
  private stopped = false;

  constructor(private readonly api: ApiClient) {}

  get acknowledged(): number {
    return this.posted.length + this.changes.length;
  }

  async write(): Promise<void> {
    for (let count = 0; !this.stopped; count++) {
      const post = await this.send('/post', { type: 'photo', content: `${count}` });
      if (post) this.posted.push(`photo:${post.object_id}`);
      const change = await this.send(count % 2 ? '/unfollow' : '/follow', {
        [count % 2 ? 'unfollow' : 'follow']: 'nico',
      });
      if (change?.message.startsWith('User ')) this.changes.push(change.verb);
    }
  }

  stop(): void {
    this.stopped = true;
  }

  /** Posts and follow changes in the author's feed, oldest first. */
  async seen(): Promise<{ posts: string[]; changes: string[] }> {
    const entries = (await this.api.wholeFeed('my', 200)).reverse();
    const posts = entries.filter(({ verb }) => verb === 'post');
    return {
      posts: posts.map(({ object_type, object_id }) => `${object_type}:${object_id}`),
      changes: entries.filter(({ verb }) => verb !== 'post').map(({ verb }) => verb),
    };
  }

  private async send(path: string, body: object) {
    const answer = await this.api.send(path, body).catch(() => NO_ANSWER);
    if (answer.status === 200) return answer.body;
    this.refused++;
    return undefined;
  }
}

const NO_ANSWER = { status: 0, body: undefined };

/** Each test mends what it breaks, except for the last one. */
let system: System;
beforeAll(async () => {
  system = await System.start({ proxied: ['redis', 'postgres', 'timescaledb'] });
});
afterAll(() => system?.stop());

describe('when a service is killed', () => {
  it.each(SERVICES)('while users write, no acknowledged write is lost or duplicated: %s', async (name) => {
    const writers: Writer[] = [];
    for (let index = 0; index < WRITERS; index++) writers.push(new Writer(await system.as(`writer_${name}_${index}`)));
    const writing = writers.map((writer) => writer.write());
    await eventually('all have written', () => writers.every(({ acknowledged }) => acknowledged >= 20));
    const killed = name === 'gateway' ? (system.gateways[0] as ServiceProcess) : system.services[name];
    await killed.end('SIGKILL');
    await killed.start();
    const before = writers.map(({ acknowledged }) => acknowledged);
    await eventually(
      'all continue to write',
      () => writers.every(({ acknowledged }, index) => acknowledged >= (before[index] as number) + 20),
      { within: 30_000 },
    );
    for (const writer of writers) writer.stop();
    await Promise.all(writing);

    for (const writer of writers) {
      const { posts, changes } = await writer.seen();
      expect(new Set(posts).size).toBe(posts.length);
      expect(posts).toEqual(expect.arrayContaining(writer.posted));
      // Following twice records nothing, so a lost or duplicate event would break the alternation.
      expect(changes).toEqual(changes.map((_, index) => (index % 2 ? 'unfollow' : 'follow')));
      // Recorded but unacknowledged writes were in flight when the process died.
      const unacknowledged = posts.length + changes.length - writer.acknowledged;
      expect(unacknowledged).toBeGreaterThanOrEqual(0);
      expect(unacknowledged).toBeLessThanOrEqual(writer.refused);
    }
  });
});

describe('when a service does not answer', () => {
  let ivan: ApiClient;
  beforeAll(async () => {
    ivan = await system.as('ivan');
    await ivan.post('photo', 'before');
  });

  async function expectUnavailable(
    answering: Promise<{ status: number; body: unknown; headers: Headers }>,
  ): Promise<void> {
    const start = performance.now();
    const { status, body, headers } = await answering;
    expect(body).toEqual({ error: true, code: 'SERVICE_UNAVAILABLE', message: 'Service is not available' });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(performance.now() - start).toBeLessThan(UNAVAILABLE_WITHIN);
  }

  it('the gateway answers 503 after at most 3 s, and recovers with the service', async () => {
    const { activity } = system.services;
    activity.signal('SIGSTOP');
    try {
      await expectUnavailable(ivan.send('/post', { type: 'photo', content: 'a' }));
      expect((await ivan.me()).name).toBe('ivan');
    } finally {
      activity.signal('SIGCONT');
    }
    expect((await ivan.post('photo', 'after')).status).toBe(200);
  });

  it('the gateway answers 503 immediately if the service is down', async () => {
    await system.services.feed.end('SIGKILL');
    await expectUnavailable(ivan.get('/feed/my'));
    await eventually('only the feed is reported as down', async () => {
      const health = await (await fetch(`${system.address()}/health/ready`)).json();
      expect(health).toMatchObject({ status: 'degraded', dependencies: { feed: 'down', activity: 'up' } });
      return true;
    });
    await system.services.feed.start();
    // Until its consumers have rejoined their groups, the feed answers from its database.
    await eventually('the page has the post', async () => (await ivan.myFeed()).length > 0);
  });

  it('because its database is down, users still see their own profiles', async () => {
    const proxy = system.proxyTo('postgres');
    // Again if the gateway does not have it in memory: on a busy machine it may have missed announcements.
    await eventually('the profile is answered', async () => {
      await ivan.myFeed();
      await ivan.me();
      proxy.cut();
      try {
        return (await ivan.get('/me')).status === 200;
      } finally {
        proxy.restore();
      }
    });
    await eventually('posts are recorded again', () => ivan.post('photo', 'after'));
  });

  it.each(['cut', 'hang'] as const)('because its database is down, the gateway answers 503: %s', async (how) => {
    const proxies = [system.proxyTo('postgres'), system.proxyTo('timescaledb')];
    for (const proxy of proxies) proxy[how]();
    try {
      await expectUnavailable(ivan.send('/post', { type: 'photo', content: 'a' }));
      await expectUnavailable(ivan.get('/feed/friends'));
    } finally {
      for (const proxy of proxies) proxy.restore();
    }
    const { body } = await eventually('posts are recorded again', () => ivan.post('photo', 'after'));
    await eventually('feeds show new posts', async () => (await ivan.myFeed())[0]?.object_id === body.object_id);
  });

  it.each(['cut', 'hang'] as const)('and it is Redis, every request still succeeds: %s', async (how) => {
    const [reader, author] = [await system.as(`reader.${how}`), await system.as(`author.${how}`)];
    system.proxyTo('redis')[how]();
    try {
      const posted = await author.post('post', 'seen without Redis');
      const { body } = posted;
      const object = `post:${body.object_id}`;
      expect((await reader.follow(`author.${how}`)).body.message).toBe('User followed');
      expect((await reader.like(object)).body.message).toBe('Activity recorded');
      expect((await reader.like(object)).body.message).toBe('Already liked');
      expect((await reader.share(object)).body.message).toBe('Activity recorded');
      expect((await reader.me()).follow_ids).toHaveLength(1);
      expect((await reader.myFeed()).map(({ verb }) => verb)).toEqual(['share', 'like', 'follow']);
      const friends = await reader.after(posted).friendsFeed();
      expect(friends.map(({ object_id }) => object_id)).toEqual([body.object_id]);
      expect((await reader.unfollow(`author.${how}`)).body.message).toBe('User unfollowed');
      expect((await reader.send('/activity', { verb: 'like', object: 'post:999' })).body.code).toBe('OBJECT_NOT_FOUND');
      expect((await reader.send('/follow', { follow: 'nobody' })).body.code).toBe('USER_NOT_FOUND');
      expect((await reader.at(system.address()).get('/nowhere')).status).toBe(404);
      const late = await system.as(`late.${how}`);
      expect((await late.me()).name).toBe(`late.${how}`);
    } finally {
      system.proxyTo('redis').restore();
    }
  });
});

describe('on an unexpected error', () => {
  it('the answer has a request id that is also in the logs', async () => {
    const database = new Client({ connectionString: system.databases.activity });
    await database.connect();
    try {
      const ivan = await system.as('ivan');
      const object = `photo:${(await ivan.post('photo', 'before')).body.object_id}`;
      await database.query('ALTER TABLE likes RENAME TO lost');
      const { status, body, headers } = await ivan.send('/activity', { verb: 'like', object });
      const id = headers.get('x-request-id') as string;
      expect({ status, body }).toEqual({
        status: 500,
        body: { error: true, code: 'INTERNAL', message: 'Something wrong on our side, sorry', request_id: id },
      });
      await eventually('the gateway logs the error with the id', () =>
        system.gateways[0]?.output.split('\n').some((line) => line.includes(id) && line.includes('request failed')),
      );
      const detail = await eventually('the service logs the error with the trace id', () =>
        system.services.activity.output.split('\n').find((line) => line.includes(id.replaceAll('-', ''))),
      );
      expect(detail).toContain('relation \\"likes\\" does not exist');
    } finally {
      await database.query('ALTER TABLE IF EXISTS lost RENAME TO likes');
      await database.end();
    }
  });
});

describe('when services receive SIGTERM', () => {
  it('requests in flight are answered, and no rejected write is recorded', async () => {
    const writer = new Writer(await system.as('writer'));
    const writing = writer.write();
    for (const name of ['activity', 'social-graph'] as const) {
      const before = writer.acknowledged;
      await eventually('it writes', () => writer.acknowledged > before + 20);
      expect(await system.services[name].end('SIGTERM')).toBe(0);
      await system.services[name].start();
    }
    writer.stop();
    await writing;
    const { posts, changes } = await writer.seen();
    expect(posts).toEqual(writer.posted);
    expect(changes).toEqual(writer.changes);
  });

  it('they exit with code 0', async () => {
    await (await system.as('ivan')).post('post', 'last');
    expect(await Promise.all(system.processes.map((service) => service.end('SIGTERM')))).toEqual([0, 0, 0, 0]);
  });
});
