import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { eventually } from '../../../../test/harness/eventually';
import { patientRedis } from '../../../../test/harness/patient-redis';
import { uniqueName } from '../../../../test/harness/servers';
import { AnswerCache } from './answer-cache';
import { ANSWERS_VERSION } from './answers-version';

const LOCK = `feed.answers.v${ANSWERS_VERSION}.sums.lock`;

describe('the answer cache', () => {
  let prefix: string;
  let clients: Redis[];
  let computed: number;

  beforeEach(async () => {
    prefix = `${uniqueName()}.`;
    clients = [await connect(), await connect()];
    computed = 0;
  });
  afterEach(() => {
    for (const client of clients) client.disconnect();
  });

  async function connect(url?: string): Promise<Redis> {
    const redis = patientRedis(prefix, url);
    await new Promise((resolve) => redis.once('ready', resolve));
    return redis;
  }

  const caches = (seconds: number) =>
    clients.map((redis) => new AnswerCache(redis, seconds)) as [AnswerCache, AnswerCache];
  const compute = async () => ({ computed: ++computed });

  it('computes an answer once for successive requests of all processes', async () => {
    const [here, there] = caches(30);
    expect(await here.keep('sums', compute)).toEqual({ computed: 1 });
    expect(await here.keep('sums', compute)).toEqual({ computed: 1 });
    expect(await there.keep('sums', compute)).toEqual({ computed: 1 });
    expect(await there.keep('groups', compute)).toEqual({ computed: 2 });
  });

  it('computes an answer once for concurrent requests of all processes', async () => {
    const both = caches(30);
    const slowly = async () => {
      await pause(100);
      return compute();
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, number) => (both[number % 2] as AnswerCache).keep('sums', slowly)),
    );
    expect(new Set(answers.map(({ computed }) => computed))).toEqual(new Set([1]));
  });

  describe('of several items', () => {
    const number = async (items: readonly string[]) => items.map((item) => ({ item, computed: ++computed }));
    const keep = (cache: AnswerCache, items: string[]) => cache.keepEach(items, (item) => `sum.${item}`, number);

    it('computes those that are not cached, together', async () => {
      const [here, there] = caches(30);
      const a = { item: 'a', computed: 1 };
      const b = { item: 'b', computed: 2 };
      expect(await keep(here, ['a', 'b'])).toEqual([a, b]);
      expect(await keep(there, ['c', 'b', 'd', 'a'])).toEqual([
        { item: 'c', computed: 3 },
        b,
        { item: 'd', computed: 4 },
        a,
      ]);
      expect(await there.keep('sum.a', compute)).toEqual(a);
      expect(computed).toBe(4);
    });

    it('computes them again once they are outdated', async () => {
      const [here, there] = caches(30);
      await keep(here, ['a']);
      await there.outdate();
      expect(await keep(here, ['a'])).toEqual([{ item: 'a', computed: 2 }]);
      expect(await keep(there, ['a'])).toEqual([{ item: 'a', computed: 2 }]);
    });

    it('does not keep what is outdated while it is computed', async () => {
      const [here, there] = caches(30);
      const slowly = async (items: readonly string[]) => {
        await there.outdate();
        return number(items);
      };
      await here.keepEach(['a'], (item) => `sum.${item}`, slowly);
      expect(await keep(here, ['a'])).toEqual([{ item: 'a', computed: 2 }]);
    });

    it('caches nothing without keys, for 0 seconds, or without Redis', async () => {
      const [here, there] = caches(30);
      (clients[1] as Redis).disconnect();
      const [never] = caches(0);
      const asked = [
        () => here.keepEach(['a'], undefined, number),
        () => keep(never, ['a']),
        () => keep(new AnswerCache(undefined, 30), ['a']),
        () => keep(there, ['a']),
      ];
      for (const ask of asked) {
        const before = computed;
        expect([await ask(), await ask()]).toEqual([
          [{ item: 'a', computed: before + 1 }],
          [{ item: 'a', computed: before + 2 }],
        ]);
      }
    });
  });

  it('forgets an answer after the given number of seconds', async () => {
    const [here] = caches(1);
    expect(await here.keep('sums', compute)).toEqual({ computed: 1 });
    await eventually('the answer is forgotten', async () => (await here.keep('sums', compute)).computed === 2);
  });

  it('invalidates the answers of all processes, including those being computed', async () => {
    const [here, there] = caches(30);
    await here.keep('sums', compute);
    await there.outdate();
    expect(await here.keep('sums', compute)).toEqual({ computed: 2 });

    const computing = here.keep('trends', async () => {
      await there.outdate();
      return compute();
    });
    expect(await computing).toEqual({ computed: 3 });
    expect(await here.keep('trends', compute)).toEqual({ computed: 4 });
  });

  it('caches nothing without a key, for 0 seconds, or without Redis', async () => {
    const [here] = caches(30);
    const [never] = caches(0);
    const without = new AnswerCache(undefined, 30);
    const asked = [
      () => here.keep(undefined, compute),
      () => here.keep(undefined, compute),
      () => never.keep('sums', compute),
      () => never.keep('sums', compute),
      () => without.keep('sums', compute),
      () => without.keep('sums', compute),
    ];
    for (const [before, ask] of asked.entries()) expect(await ask()).toEqual({ computed: before + 1 });
  });

  it('shares an answer within a process for a second, unless it is not fresh enough', async () => {
    const [here, there] = caches(30);
    const share = (cache: AnswerCache, isFresh: (begun: number) => boolean = () => true) =>
      cache.share('ranking', compute, isFresh);
    expect(await Promise.all([share(here), share(here)])).toEqual([{ computed: 1 }, { computed: 1 }]);
    expect(await share(there)).toEqual({ computed: 2 });

    const since = performance.now();
    const isNewer = (begun: number) => begun > since;
    expect(await share(here, isNewer)).toEqual({ computed: 3 });
    expect(await share(here, isNewer)).toEqual({ computed: 3 });
    expect(await share(here)).toEqual({ computed: 3 });
    await eventually('the answer has expired', async () => (await share(here)).computed === 4);

    const [never] = caches(0);
    expect([await share(never), await share(never)]).toEqual([{ computed: 5 }, { computed: 6 }]);
    const fail = () => Promise.reject(new Error('no database'));
    await expect(there.share('failed', fail, () => true)).rejects.toThrow('no database');
    expect(await there.share('failed', compute, () => true)).toEqual({ computed: 7 });
  });

  it('does not release a lock that has expired and is held by another process', async () => {
    const [first, second] = clients as [Redis, Redis];
    let fail = (_: Error) => {};
    const slow = new AnswerCache(first, 30, 1_000).keep(
      'sums',
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    const refused = expect(slow).rejects.toThrow('no database');
    await eventually('the slow process holds the lock', async () => (await second.exists(LOCK)) === 1);
    await eventually('the lock has expired', async () => (await second.exists(LOCK)) === 0);
    let finish = (_: { computed: number }) => {};
    const next = new AnswerCache(second, 30, 60_000).keep(
      'sums',
      () =>
        new Promise<{ computed: number }>((resolve) => {
          finish = resolve;
        }),
    );
    await eventually('another process holds the lock', async () => (await first.exists(LOCK)) === 1);
    fail(new Error('no database'));
    await refused;
    expect(await second.exists(LOCK)).toBe(1);
    finish({ computed: 7 });
    expect(await next).toEqual({ computed: 7 });
    await eventually('the lock is free', async () => (await first.exists(LOCK)) === 0);
  });

  it('does not wait longer for a lock when the clock is set back', async () => {
    const [first, second] = clients as [Redis, Redis];
    await second.set(LOCK, 'of a killed process');
    const clock = jest.spyOn(Date, 'now');
    const real = Date.now();
    clock.mockReturnValue(real);
    try {
      const answer = new AnswerCache(first, 30, 200).keep('sums', compute);
      clock.mockReturnValue(real - 3_600_000);
      expect(await answer).toEqual({ computed: 1 });
    } finally {
      clock.mockRestore();
    }
  }, 10_000);

  it('neither reads nor changes answers of other versions', async () => {
    const [redis] = clients as [Redis, Redis];
    const others = ['feed.answers.sums', 'feed.answers.v1.sums', 'feed.answers.v3.sums'];
    for (const name of others) await redis.mset(name, '0 {"computed":"otherwise"}', `${name}.lock`, 'of another');
    expect(await new AnswerCache(redis, 30).keep('sums', compute)).toEqual({ computed: 1 });
    for (const name of others) {
      expect(await redis.mget(name, `${name}.lock`)).toEqual(['0 {"computed":"otherwise"}', 'of another']);
    }
  });

  it('computes answers while Redis is down, and passes on failures without caching them', async () => {
    const [here, there] = caches(30);
    (clients[0] as Redis).disconnect();
    expect(await here.keep('sums', compute)).toEqual({ computed: 1 });
    await expect(there.keep('sums', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    expect(await there.keep('sums', compute)).toEqual({ computed: 2 });
  });
});
