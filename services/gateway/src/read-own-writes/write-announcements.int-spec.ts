import type { Socket } from 'node:net';
import type { StreamPosition, UserId } from '@activity-feed/contracts';
import { createRedis } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';
import { eventually } from '../../../../test/harness/eventually';
import { LocalRedis } from '../../../../test/harness/local-redis';
import { describeWithOwnServers, uniqueName } from '../../../../test/harness/servers';
import { TcpProxy } from '../../../../test/harness/tcp-proxy';
import { silent } from '../../../../test/harness/test-database';
import { WriteAnnouncements } from './write-announcements';
import { WrittenHashes } from './written-hashes';

const LEASE = 250;
const position: StreamPosition = { source: 'activity', stream: 7 as UserId, version: 3 };

/** One gateway with its own connection to Redis, which can be cut or frozen. */
interface Gateway {
  announcements: WriteAnnouncements;
  heard: StreamPosition[];
  lost: number;
  distrusts: number;
  redis: Redis;
  proxy: TcpProxy;
}

/** The command that the client sends on a new connection before it is ready. */
interface ReadyChecked {
  stream: Socket;
  _readyCheck(done: (...answer: unknown[]) => void): void;
}

describeWithOwnServers('announcements of writes', () => {
  let server: LocalRedis;
  let prefix: string;
  let gateways: Gateway[] = [];

  beforeAll(async () => {
    server = await LocalRedis.start();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    prefix = `${uniqueName()}.`;
  });
  afterEach(async () => {
    for (const { announcements, redis, proxy } of gateways) {
      announcements.close();
      redis.disconnect();
      await proxy.close();
    }
    gateways = [];
  });

  async function startGateway(): Promise<Gateway> {
    const { hostname, port } = new URL(server.url);
    const proxy = await TcpProxy.to(hostname, Number(port));
    const redis = createRedis(`redis://127.0.0.1:${proxy.port}`, prefix, silent);
    const gateway: Omit<Gateway, 'announcements'> = { heard: [], lost: 0, distrusts: 0, redis, proxy };
    const announcements = new WriteAnnouncements({
      redis,
      hashes: new WrittenHashes(redis),
      prefix,
      onAnnounced: (heard) => gateway.heard.push(heard),
      onLost: () => gateway.lost++,
      onDistrust: () => gateway.distrusts++,
    });
    const whole = Object.assign(gateway, { announcements });
    gateways.push(whole);
    await eventually('the gateway receives its own messages', () => announcements.complete);
    return whole;
  }

  it('have reached all other gateways before a write is answered', async () => {
    const [writer, one, two] = [await startGateway(), await startGateway(), await startGateway()];
    expect(await writer.announcements.announce(position)).toBe(true);
    expect([one.heard, two.heard, writer.heard]).toEqual([[position], [position], []]);
    expect(await writer.redis.hgetall('written:7')).toEqual({ activity: '3' });
  });

  it('never replace a version by a lower one', async () => {
    const writer = await startGateway();
    await writer.announcements.announce(position);
    await writer.announcements.announce({ ...position, version: 2 });
    expect(await writer.redis.hgetall('written:7')).toEqual({ activity: '3' });
  });

  it('do not wait for a gateway that hangs, which no longer trusts its cache by then', async () => {
    const [writer, deaf] = [await startGateway(), await startGateway()];
    deaf.proxy.hang();
    const toldAt = performance.now();
    expect(await writer.announcements.announce(position)).toBe(true);
    expect(performance.now() - toldAt).toBeGreaterThan(LEASE);
    expect([deaf.heard, deaf.announcements.complete]).toEqual([[], false]);
    deaf.proxy.restore();
  });

  it('are published even if Redis refuses writes, and all gateways then distrust Redis', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.redis.config('SET', 'maxmemory', '1');
    try {
      expect(await writer.announcements.announce(position)).toBe(false);
      expect([other.heard, other.distrusts, other.announcements.complete]).toEqual([[position], 1, true]);
    } finally {
      await writer.redis.config('SET', 'maxmemory', '0');
    }
    expect(await writer.announcements.announce(position)).toBe(true);
    expect(other.distrusts).toBe(1);
  });

  it('fail without Redis; the write is answered only when no other gateway trusts its cache', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.announcements.announce(position);
    for (const { proxy } of [writer, other]) proxy.cut();
    expect(await writer.announcements.announce(position)).toBe(false);
    expect(other.announcements.complete).toBe(false);
    expect(other.lost).toBeGreaterThan(0);
    for (const { proxy } of [writer, other]) proxy.restore();
    await eventually('all receive again', () => writer.announcements.complete && other.announcements.complete);
  });

  it('fail without Redis only after the leases of gateways whose connection hangs', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.announcements.announce(position);
    other.proxy.hang();
    writer.proxy.cut();
    expect(await writer.announcements.announce(position)).toBe(false);
    expect(other.announcements.complete).toBe(false);
  });

  it('that were missed are reported as soon as Redis answers again, before the write is answered', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.announcements.announce(position);
    writer.proxy.cut();
    const telling = writer.announcements.announce({ ...position, version: 4 });
    writer.proxy.restore();
    expect(await telling).toBe(false);
    expect(other.lost).toBeGreaterThan(0);
  });

  it('that were missed are reported even after the write was answered', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.announcements.announce(position);
    writer.proxy.cut();
    expect(await writer.announcements.announce({ ...position, version: 4 })).toBe(false);
    expect([other.lost, other.announcements.complete]).toEqual([0, true]);
    writer.proxy.restore();
    await eventually('the other knows that it has missed a write', () => other.lost > 0);
  });

  it('may be missed by a gateway whose commands fail; it clears its cache before it trusts it again', async () => {
    const gateway = await startGateway();
    const { redis } = gateway;
    await redis.client('KILL', 'ID', await redis.client('ID'), 'SKIPME', 'no');
    await eventually('it has forgotten and trusts itself', () => gateway.lost > 0 && gateway.announcements.complete);
  });

  it('survive a connection that is lost as it becomes ready', async () => {
    const { announcements, proxy } = await startGateway();
    const { subscriber } = announcements as unknown as { subscriber: ReadyChecked };
    const { _readyCheck: readyCheck } = subscriber;
    let lost = 0;
    subscriber._readyCheck = (done) =>
      readyCheck.call(subscriber, (...answer) => {
        lost++;
        subscriber.stream.destroy();
        done(...answer);
      });
    proxy.cut();
    proxy.restore();
    await eventually('a connection was lost', () => lost > 0);
    subscriber._readyCheck = readyCheck;
    await eventually('the gateway receives its own messages', () => announcements.complete);
  });
});
