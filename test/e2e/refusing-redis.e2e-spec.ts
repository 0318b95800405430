import { Redis } from 'ioredis';
import type { ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { LocalRedis } from '../harness/local-redis';
import { mendRedis, redisFaults } from '../harness/redis-faults';
import { describeWithOwnServers } from '../harness/servers';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';

/** A user and a write that no feed has, because the relay is stopped. */
class HeldBackWrite {
  private user!: ApiClient;
  private written: number | undefined;
  /** Lets the relay continue. */
  private resume = () => Promise.resolve();

  constructor(
    private readonly system: System,
    private readonly redis: Redis,
    private readonly name: string,
  ) {}

  /** Prepares a user whose newest versions are in Redis, where any gateway may read them. */
  async prepare(): Promise<void> {
    const user = await this.system.as(this.name);
    this.user = user;
    await user.follow('nico');
    await user.post('post', 'before');
    await user.myFeed();
    const { id } = await user.me();
    await eventually('Redis has the versions', async () => {
      await user.myFeed();
      return (await this.redis.hlen(`${this.system.id}.written:${id}`)) >= 2;
    });
    this.resume = await this.system.holdRelay();
  }

  release(): Promise<void> {
    return this.resume();
  }

  async write(): Promise<void> {
    this.written = (await this.user.post('post', 'held back')).body.object_id;
  }

  /** Expects every gateway to mark the page as behind, without the write. */
  async expectNoLie(): Promise<void> {
    const pages = await Promise.all(
      this.system.gateways.map((_, gateway) =>
        this.user.at(this.system.address(gateway)).servedPage('/feed/my?limit=1'),
      ),
    );
    for (const { entries, headers } of pages) {
      expect([entries[0]?.object_id === this.written, headers.get('feed-freshness')]).toEqual([false, 'behind']);
    }
  }

  async restartGateway(): Promise<void> {
    const [gateway] = this.system.gateways as [ServiceProcess];
    await gateway.end('SIGKILL');
    await gateway.start('degraded');
  }

  /** Waits for a new epoch, after which the gateways trust Redis again. */
  async nextEpoch(): Promise<void> {
    const epoch = () => this.redis.get(`${this.system.id}.written-epoch`);
    const before = await epoch();
    await this.restartGateway();
    await eventually('a new epoch begins', async () => (await epoch()) !== before);
  }

  async expectRead(): Promise<void> {
    await eventually('the write is read', async () => {
      const { entries, headers } = await this.user.servedPage('/feed/my?limit=1');
      return entries[0]?.object_id === this.written && headers.get('feed-freshness') === null;
    });
  }
}

describeWithOwnServers('while Redis rejects or loses writes and feeds lag', () => {
  /** One system has one gateway, the other two. Both run at the same time to save waiting time. */
  let systems: System[];
  let redis: LocalRedis;
  let admin: Redis;
  beforeAll(async () => {
    redis = await LocalRedis.start();
    systems = await Promise.all([1, 2].map((gateways) => System.start({ gateways, redis: redis.url })));
    admin = new Redis(redis.url);
  }, 120_000);
  afterEach(() => admin && mendRedis(admin));
  afterAll(async () => {
    admin?.disconnect();
    await Promise.all(systems?.map((system) => system.stop()) ?? []);
    await redis?.stop();
  });

  /** One that refuses writes, and one that loses them. Gateways are tested with the others without a whole system. */
  const FAULTS = redisFaults(() => admin)
    .filter(({ fault }) => fault === 'READONLY' || fault === 'FLUSHALL')
    .map((fault, index) => ({ ...fault, user: `known_${index}` }));

  it.each(FAULTS)('reading one’s own write succeeds or is marked as behind: $fault', async (fault) => {
    const writes = systems.map((system) => new HeldBackWrite(system, admin, fault.user));
    /** Waits for both even if one fails, so that neither holds a relay afterwards. */
    const each = async (step: (write: HeldBackWrite) => Promise<void>) => {
      const results = await Promise.allSettled(writes.map(step));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    };
    try {
      await each((write) => write.prepare()).catch((error: Error) => {
        throw new Error(`${error.message}\n${systems.map(({ logs }) => logs).join('\n')}`, { cause: error });
      });
      await fault.begin();
      await each((write) => write.write());
      await each((write) => write.expectNoLie());
      await each((write) => write.restartGateway());
      await each((write) => write.expectNoLie());
      if (fault.end) {
        await fault.end();
        await each((write) => write.expectNoLie());
      }
      await each((write) => write.nextEpoch());
      await each((write) => write.expectNoLie());
    } finally {
      await each((write) => write.release());
    }
    await each((write) => write.expectRead());
  });
});
