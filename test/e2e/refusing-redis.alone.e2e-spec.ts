import { Redis } from 'ioredis';
import type { ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { testServers } from '../harness/servers';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';

describe.each([1, 2])('with Redis refusing and forgetting, and a feed that lags: gateways: %i', (count) => {
  let system: System;
  let admin: Redis;
  let users = 0;
  beforeAll(async () => {
    system = await System.start({ gateways: count });
    admin = new Redis(testServers().redis);
  });
  afterEach(async () => {
    await admin.config('SET', 'maxmemory', '0');
    await admin.replicaof('NO', 'ONE');
  });
  afterAll(async () => {
    admin?.disconnect();
    await system?.stop();
  });

  const maxmemory = (bytes: number) => admin.config('SET', 'maxmemory', bytes);
  const FAULTS = [
    { fault: 'OOM', begin: () => maxmemory(1), end: () => maxmemory(0) },
    { fault: 'READONLY', begin: () => admin.replicaof('127.0.0.1', 1), end: () => admin.replicaof('NO', 'ONE') },
    { fault: 'FLUSHALL', begin: () => admin.flushall() },
    { fault: 'CLIENT KILL', begin: () => admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes') },
    { fault: 'CLIENT PAUSE', begin: () => admin.client('PAUSE', 600) },
  ];

  /** A user whose newest versions Redis has: every gateway that does not keep them may ask it. */
  async function knownUser(): Promise<ApiClient> {
    const user = await system.as(`known_${count}_${++users}`);
    await user.follow('nico');
    await user.post('post', 'before');
    await user.myFeed();
    const { id } = await user.me();
    await eventually('Redis has them', async () => {
      await user.myFeed();
      return (await admin.hlen(`${system.id}.written:${id}`)) >= 2;
    });
    return user;
  }

  it.each(FAULTS)('an own write is read, or the answer says that it is behind: $fault', async ({ begin, end }) => {
    const user = await knownUser();
    const release = await system.holdRelay();
    try {
      await begin();
      const { body } = await user.post('post', 'held back');
      const expectNoLie = async () => {
        const pages = await Promise.all(
          system.gateways.map((_, gateway) => user.at(system.address(gateway)).page('/feed/my?limit=1')),
        );
        for (const { entries, headers } of pages) {
          expect([entries[0]?.object_id === body.object_id, headers.get('feed-freshness')]).toEqual([false, 'behind']);
        }
      };
      await expectNoLie();
      const [killed] = system.gateways as [ServiceProcess];
      await killed.end('SIGKILL');
      await killed.start('degraded');
      await expectNoLie();
      await end?.();
      await expectNoLie();
      // Time for the gateways to trust Redis again, each by an epoch of its own.
      const epoch = await admin.get(`${system.id}.written-epoch`);
      await killed.end('SIGKILL');
      await killed.start('degraded');
      await eventually('a new epoch', async () => (await admin.get(`${system.id}.written-epoch`)) !== epoch);
      await expectNoLie();
    } finally {
      await release();
    }
    await eventually('it is there', async () => (await user.page('/feed/my')).headers.get('feed-freshness') === null);
  });
});
