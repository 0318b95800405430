import { Client } from 'pg';
import type { ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { System } from '../harness/system';

const WRITERS = 4;
const SERVICES = ['social-graph', 'activity', 'feed'] as const;

/** Follows one of many users or posts, until told to stop; keeps what was acknowledged. */
class Writer {
  readonly acknowledged: string[] = [];
  refused = 0;
  private stopped = false;

  constructor(private readonly api: ApiClient) {}

  async write(): Promise<void> {
    for (let count = 0; !this.stopped; count++) {
      const { status, body } = await this.api
        .send('/post', { type: 'photo', content: `${count}` })
        .catch(() => NO_ANSWER);
      if (status === 200) this.acknowledged.push(`photo:${body.object_id}`);
      else this.refused++;
    }
  }

  stop(): void {
    this.stopped = true;
  }

  /** The objects in the author's feed, newest first. */
  async seen(): Promise<string[]> {
    return (await this.api.wholeFeed('my', 200)).map(({ object_type, object_id }) => `${object_type}:${object_id}`);
  }
}

const NO_ANSWER = { status: 0, body: undefined };

describe('when a service is killed', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());

  it.each(SERVICES)('while users write, nothing acknowledged is lost and nothing shows twice: %s', async (name) => {
    const writers: Writer[] = [];
    for (let index = 0; index < WRITERS; index++) writers.push(new Writer(await system.as(`writer_${name}_${index}`)));
    const writing = writers.map((writer) => writer.write());
    await eventually('all have written', () => writers.every(({ acknowledged }) => acknowledged.length >= 10));
    await system.services[name].end('SIGKILL');
    await system.services[name].start();
    const before = writers.map(({ acknowledged }) => acknowledged.length);
    await eventually('all go on writing', () =>
      writers.every(({ acknowledged }, index) => acknowledged.length >= (before[index] as number) + 10),
    );
    for (const writer of writers) writer.stop();
    await Promise.all(writing);

    for (const writer of writers) {
      const seen = await writer.seen();
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(writer.acknowledged));
      // What was recorded but not acknowledged was on its way when the service died.
      expect(seen.length - writer.acknowledged.length).toBeLessThanOrEqual(writer.refused);
    }
  });
});

describe('when a service does not answer', () => {
  let system: System;
  let ivan: ApiClient;
  beforeAll(async () => {
    system = await System.start();
    ivan = await system.as('ivan');
    await ivan.post('photo', 'before');
  });
  afterAll(() => system?.stop());

  async function expectUnavailable(
    answering: Promise<{ status: number; body: unknown; headers: Headers }>,
  ): Promise<void> {
    const start = performance.now();
    const { status, body, headers } = await answering;
    expect(body).toEqual({ error: true, code: 'SERVICE_UNAVAILABLE', message: 'Service is not available' });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(performance.now() - start).toBeLessThan(3_500);
  }

  it('says so after 3 s at most, and goes on once it answers', async () => {
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

  it('says so at once when the service is not there', async () => {
    await system.services.feed.end('SIGKILL');
    await expectUnavailable(ivan.get('/feed/my'));
    const health = await (await fetch(`${system.address()}/health/ready`)).json();
    expect(health).toMatchObject({ status: 'degraded', dependencies: { feed: 'down', activity: 'up' } });
    await system.services.feed.start();
    expect(await ivan.myFeed()).not.toHaveLength(0);
  });

  it.each(['cut', 'hang'] as const)('says so when its database is gone: %s', async (how) => {
    const { postgres, timescaledb } = system.proxies;
    for (const proxy of [postgres, timescaledb]) proxy[how]();
    try {
      await expectUnavailable(ivan.send('/post', { type: 'photo', content: 'a' }));
      await expectUnavailable(ivan.get('/feed/friends'));
    } finally {
      for (const proxy of [postgres, timescaledb]) proxy.restore();
    }
    await eventually('posts are recorded again', async () => (await ivan.post('photo', 'after')).status === 200);
    await eventually('feeds are read again', async () => (await ivan.myFeed()).length > 0);
  });

  it.each(['cut', 'hang'] as const)('answers every request as well without Redis: %s', async (how) => {
    const [reader, author] = [await system.as(`reader.${how}`), await system.as(`author.${how}`)];
    system.proxies.redis[how]();
    try {
      const { body } = await author.post('post', 'seen without Redis');
      const object = `post:${body.object_id}`;
      expect((await reader.follow(`author.${how}`)).body.message).toBe('User followed');
      expect((await reader.like(object)).body.message).toBe('Activity recorded');
      expect((await reader.like(object)).body.message).toBe('Already liked');
      expect((await reader.share(object)).body.message).toBe('Activity recorded');
      expect((await reader.me()).follow_ids).toHaveLength(1);
      expect((await reader.myFeed()).map(({ verb }) => verb)).toEqual(['share', 'like', 'follow']);
      expect((await reader.friendsFeed()).map(({ object_id }) => object_id)).toEqual([body.object_id]);
      expect((await reader.unfollow(`author.${how}`)).body.message).toBe('User unfollowed');
      expect((await reader.send('/activity', { verb: 'like', object: 'post:999' })).body.code).toBe('OBJECT_NOT_FOUND');
      expect((await reader.send('/follow', { follow: 'nobody' })).body.code).toBe('USER_NOT_FOUND');
      expect((await reader.at(system.address()).get('/nowhere')).status).toBe(404);
      const late = await system.as(`late.${how}`);
      expect((await late.me()).name).toBe(`late.${how}`);
    } finally {
      system.proxies.redis.restore();
    }
  });
});

describe('when something goes wrong that nobody foresaw', () => {
  it('says so with a request id, by which the logs tell more', async () => {
    const system = await System.start();
    const database = new Client({ connectionString: system.databases.activity });
    await database.connect();
    try {
      const ivan = await system.as('ivan');
      await ivan.post('photo', 'before');
      await database.query('ALTER TABLE likes RENAME TO lost');
      const { status, body, headers } = await ivan.send('/activity', { verb: 'like', object: 'photo:1' });
      const id = headers.get('x-request-id') as string;
      expect({ status, body }).toEqual({
        status: 500,
        body: { error: true, code: 'INTERNAL', message: 'Something wrong on our side, sorry', request_id: id },
      });
      expect(system.gateways[0]?.output).toContain(id);
      const detail = system.services.activity.output.split('\n').find((line) => line.includes(id.replaceAll('-', '')));
      expect(detail).toContain('relation \\"likes\\" does not exist');
    } finally {
      await database.end();
      await system.stop();
    }
  });
});

describe('when services are told to stop', () => {
  it('they end by themselves with exit code 0', async () => {
    const system = await System.start();
    try {
      await (await system.as('ivan')).post('post', 'last');
      expect(await Promise.all(system.processes.map((service) => service.end('SIGTERM')))).toEqual([0, 0, 0, 0]);
    } finally {
      await system.stop();
    }
  });
});
