import {
  NewestVersions,
  SOURCES,
  type Source,
  type StreamPosition,
  StreamVersion,
  sourcesOf,
  type UserId,
  WRITE_SERVICES,
} from '@activity-feed/contracts';
import { createRedis } from '@activity-feed/hosting';
import { Redis } from 'ioredis';
import { eventually } from '../../../../test/harness/eventually';
import { LocalRedis } from '../../../../test/harness/local-redis';
import { mendRedis, partialRedisFaults, redisFaults } from '../../../../test/harness/redis-faults';
import { describeWithOwnServers, uniqueName } from '../../../../test/harness/servers';
import { silent } from '../../../../test/harness/test-database';
import type { Services } from '../services/services';
import { StreamVersions } from './stream-versions';
import { WrittenVersions } from './written-versions';

/** Mocked write services: the committed versions, and the number of queries. */
class CommittedVersions {
  asked = 0;
  private readonly versions = new Map<string, number>();

  commit(source: Source, stream: UserId): StreamPosition {
    const version = (this.versions.get(`${source}.${stream}`) ?? 0) + 1;
    this.versions.set(`${source}.${stream}`, version);
    return { source, stream, version };
  }

  newest = (stream: UserId): StreamPosition[] =>
    SOURCES.map((source) => ({ source, stream, version: this.versions.get(`${source}.${stream}`) ?? 0 })).filter(
      ({ version }) => version > 0,
    );

  private versionOf = (source: Source, stream: UserId): number => this.versions.get(`${source}.${stream}`) ?? 0;

  asServices(): Services {
    const ask = async ({ pattern }: { pattern: string }, { stream }: { stream: UserId }) => {
      this.asked++;
      const service = WRITE_SERVICES.find((one) => NewestVersions[one].pattern === pattern);
      if (service) return sourcesOf(service).map((source) => ({ source, version: this.versionOf(source, stream) }));
      const source = SOURCES.find((one) => StreamVersion[one].pattern === pattern);
      return this.versionOf(source as Source, stream);
    };
    return { ask } as unknown as Services;
  }
}

interface Gateway {
  written: WrittenVersions;
  versions: StreamVersions;
  redis: Redis;
  close(): void;
}

describeWithOwnServers('users’ newest writes', () => {
  let server: LocalRedis;
  let prefix: string;
  let committed: CommittedVersions;
  let gateways: Gateway[];
  let admin: Redis;
  let users = 0;

  beforeAll(async () => {
    server = await LocalRedis.start();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    prefix = `${uniqueName()}.`;
    committed = new CommittedVersions();
    gateways = [];
    admin = new Redis(server.url);
  });
  afterEach(async () => {
    await mendRedis(admin);
    admin.disconnect();
    for (const gateway of gateways) gateway.close();
  });

  function startGateway(): Gateway {
    const redis = createRedis(server.url, prefix, silent);
    const versions = new StreamVersions(committed.asServices());
    const written = new WrittenVersions(redis, versions, prefix, silent);
    const close = () => {
      written.onApplicationShutdown();
      redis.disconnect();
    };
    const gateway = { written, versions, redis, close };
    gateways.push(gateway);
    return gateway;
  }

  /** Resolves when the gateway reads `user` from Redis. */
  const trusts = ({ written }: Gateway, user = newUser()) =>
    eventually('the gateway trusts Redis', async () => {
      await written.newest(user);
      const before = committed.asked;
      forget(written);
      await written.newest(user);
      return committed.asked === before;
    });

  const newUser = () => ++users as UserId;

  /** Evicts the test's users from the process's cache by many other users. */
  const forget = (written: WrittenVersions) => (written as unknown as { kept: Map<UserId, unknown> }).kept.clear();

  const write = async ({ written }: Gateway, user: UserId, source: Source = 'activity') => {
    await written.remember(committed.commit(source, user));
  };

  const sorted = (positions?: StreamPosition[]) => positions?.toSorted((a, b) => a.source.localeCompare(b.source));

  /** The newest versions as a read gets them, with and without the process's cache. */
  async function expectAllKnown(user: UserId): Promise<void> {
    const newest = sorted(committed.newest(user));
    const known = gateways.map(async ({ written }) => sorted(written.known(user) ?? (await written.newest(user))));
    expect(await Promise.all(known)).toEqual(gateways.map(() => newest));
    for (const { written } of gateways) {
      forget(written);
      expect(sorted(await written.newest(user))).toEqual(newest);
    }
  }

  it('are queried from the services once, then read from Redis by every gateway', async () => {
    const [one, two] = [startGateway(), startGateway()];
    await Promise.all([trusts(one), trusts(two)]);
    const user = newUser();
    await write(one, user, 'social-graph');
    await write(one, user);
    await expectAllKnown(user);
    await trusts(one, user);
    // Again if the gateways asked: on a busy machine they may have missed a beat.
    for (let asked = -1; asked !== committed.asked; ) {
      asked = committed.asked;
      await write(two, user);
      await expectAllKnown(user);
    }
  });

  it('include those to the stream of another user, at every gateway, with or without Redis', async () => {
    const [one, two] = [startGateway(), startGateway()];
    await Promise.all([trusts(one), trusts(two)]);
    const [writer, other] = [newUser(), newUser()];
    await write(one, writer);
    const position = committed.commit('activity', other);
    await one.written.remember(position, { writer });
    const newest = [...committed.newest(writer), position];
    for (const { written } of gateways) expect(await written.newest(writer)).toEqual(newest);
    await admin.config('SET', 'maxmemory', '1');
    const later = committed.commit('activity', other);
    await two.written.remember(later, { writer });
    const readsOf = async ({ written }: Gateway) => written.known(writer) ?? (await written.newest(writer));
    for (const gateway of gateways) expect(await readsOf(gateway)).toEqual([...committed.newest(writer), later]);
    for (const { written } of gateways) expect(await written.newest(other)).toEqual(committed.newest(other));
  });

  it('are not read from Redis when it has only some of them', async () => {
    const gateway = startGateway();
    await trusts(gateway);
    const user = newUser();
    committed.commit('activity', user);
    committed.commit('social-graph', user);
    await write(gateway, user);
    await write(gateway, user, 'social-graph');
    await admin.hdel(`${prefix}written:${user}`, 'epoch');
    const before = committed.asked;
    await expectAllKnown(user);
    expect(committed.asked).toBeGreaterThan(before);
  });

  const faults = [...redisFaults(() => admin), ...partialRedisFaults(() => admin)];
  it.each(faults)('are known to every gateway: $fault', async ({ begin, end }) => {
    const [one, two] = [startGateway(), startGateway()];
    await Promise.all([trusts(one), trusts(two)]);
    const user = newUser();
    await write(one, user, 'social-graph');
    await write(one, user);
    await expectAllKnown(user);

    await begin();
    for (let count = 0; count < 3; count++) {
      await write(one, user);
      await expectAllKnown(user);
    }
    // Killed and restarted without its data.
    gateways.shift()?.close();
    const restarted = startGateway();
    await expectAllKnown(user);
    await end?.();
    await expectAllKnown(user);
    await Promise.all([trusts(restarted), trusts(two)]);
    await expectAllKnown(user);
    await write(restarted, user);
    await expectAllKnown(user);
  });

  it('stay correct while Redis alternately refuses and accepts writes', async () => {
    const [one, two] = [startGateway(), startGateway()];
    await Promise.all([trusts(one), trusts(two)]);
    const user = newUser();
    for (let turn = 0; turn < 20; turn++) {
      const changed = admin.config('SET', 'maxmemory', turn % 2 ? '0' : '1');
      await write(turn % 3 ? one : two, user, turn % 5 ? 'activity' : 'social-graph');
      await expectAllKnown(user);
      await changed;
    }
  });

  it('are not marked complete by a command that Redis carries out late', async () => {
    const gateway = startGateway();
    await trusts(gateway);
    const user = newUser();
    await write(gateway, user);
    const epoch = await admin.get(`${prefix}written-epoch`);
    const late = [...committed.newest(user), { source: 'social-graph' as const, stream: user, version: 0 }];
    // Redis misses this one, and an epoch begins.
    committed.commit('activity', user);
    const other = startGateway();
    await trusts(other);
    const { hashes } = gateway.written as unknown as { hashes: { complete(...args: unknown[]): Promise<void> } };
    await hashes.complete(user, epoch, late);
    expect(await admin.hget(`${prefix}written:${user}`, 'epoch')).not.toBe(epoch);
    await expectAllKnown(user);
  });

  it('are not read from the cache after announcements may have been missed', async () => {
    const { written } = startGateway();
    await eventually('the gateway receives', () => written.receivesAll);
    const user = newUser();
    committed.commit('activity', user);
    await eventually('they are kept', async () => (await written.newest(user)) && written.known(user) !== undefined);
    await admin.client('KILL', 'TYPE', 'pubsub');
    await eventually('the gateway has noticed', () => !written.receivesAll);
    committed.commit('activity', user);
    await eventually('the gateway receives again', () => written.receivesAll);
    expect(written.known(user)).toBeUndefined();
    expect(await written.newest(user)).toEqual(committed.newest(user));
  });

  it('that did not exist are queried again after announcements may have been missed', async () => {
    const { written, versions } = startGateway();
    await eventually('the gateway receives', () => written.receivesAll);
    const user = newUser();
    const first: StreamPosition = { source: 'activity', stream: user, version: 1 };
    const exists = () => versions.exists(first, { caller: user, receivesAll: written.receivesAll });
    expect(await exists()).toBe(false);
    await eventually('it is not asked for', async () => {
      const before = committed.asked;
      expect(await exists()).toBe(false);
      return committed.asked === before;
    });

    await admin.client('KILL', 'TYPE', 'pubsub');
    await eventually('the gateway has noticed', () => !written.receivesAll);
    committed.commit('activity', user);
    await eventually('the gateway receives again', () => written.receivesAll);
    expect(await exists()).toBe(true);
  });
});
