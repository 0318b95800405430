import type { Socket } from 'node:net';
import type { StreamPosition, UserId } from '@activity-feed/contracts';
import { createRedis } from '@activity-feed/hosting';
import type { Redis } from 'ioredis';
import { eventually } from '../../../../test/harness/eventually';
import { testServers, uniqueName } from '../../../../test/harness/servers';
import { TcpProxy } from '../../../../test/harness/tcp-proxy';
import { silent } from '../../../../test/harness/test-database';
import { WriteNews } from './write-news';
import { WrittenHashes } from './written-hashes';

const LEASE = 250;
const position: StreamPosition = { source: 'activity', stream: 7 as UserId, version: 3 };

/** What one gateway has: its own way to Redis, which can be cut or frozen. */
interface Gateway {
  news: WriteNews;
  heard: StreamPosition[];
  lost: number;
  distrusts: number;
  redis: Redis;
  proxy: TcpProxy;
}

/** What the client asks a server on a new connection, before it says that it is ready. */
interface ReadyChecked {
  stream: Socket;
  _readyCheck(done: (...answer: unknown[]) => void): void;
}

describe('the news of writes', () => {
  let prefix: string;
  let gateways: Gateway[] = [];

  beforeEach(() => {
    prefix = `${uniqueName()}.`;
  });
  afterEach(async () => {
    for (const { news, redis, proxy } of gateways) {
      news.close();
      redis.disconnect();
      await proxy.close();
    }
    gateways = [];
  });

  async function startGateway(): Promise<Gateway> {
    const { hostname, port } = new URL(testServers().redis);
    const proxy = await TcpProxy.to(hostname, Number(port));
    const redis = createRedis(`redis://127.0.0.1:${proxy.port}`, prefix, silent);
    const gateway: Omit<Gateway, 'news'> = { heard: [], lost: 0, distrusts: 0, redis, proxy };
    const news = new WriteNews({
      redis,
      hashes: new WrittenHashes(redis),
      prefix,
      onNews: (heard) => gateway.heard.push(heard),
      onLost: () => gateway.lost++,
      onDistrust: () => gateway.distrusts++,
    });
    const whole = Object.assign(gateway, { news });
    gateways.push(whole);
    await eventually('the gateway hears itself', () => news.complete);
    return whole;
  }

  it('have reached every other gateway when a write may be answered', async () => {
    const [writer, one, two] = [await startGateway(), await startGateway(), await startGateway()];
    expect(await writer.news.tell(position)).toBe(true);
    expect([one.heard, two.heard, writer.heard]).toEqual([[position], [position], []]);
    expect(await writer.redis.hgetall('written:7')).toEqual({ activity: '3' });
  });

  it('never put a lower version in the place of a higher one', async () => {
    const writer = await startGateway();
    await writer.news.tell(position);
    await writer.news.tell({ ...position, version: 2 });
    expect(await writer.redis.hgetall('written:7')).toEqual({ activity: '3' });
  });

  it('are not waited for from a gateway that hears nothing, which by then does not trust itself', async () => {
    const [writer, deaf] = [await startGateway(), await startGateway()];
    deaf.proxy.hang();
    const toldAt = performance.now();
    expect(await writer.news.tell(position)).toBe(true);
    expect(performance.now() - toldAt).toBeGreaterThan(LEASE);
    expect([deaf.heard, deaf.news.complete]).toEqual([[], false]);
    deaf.proxy.restore();
  });

  it('are published by themselves where Redis refuses to write, and then nobody trusts it', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.redis.config('SET', 'maxmemory', '1');
    try {
      expect(await writer.news.tell(position)).toBe(false);
      expect([other.heard, other.distrusts, other.news.complete]).toEqual([[position], 1, true]);
    } finally {
      await writer.redis.config('SET', 'maxmemory', '0');
    }
    expect(await writer.news.tell(position)).toBe(true);
    expect(other.distrusts).toBe(1);
  });

  it('cannot be told without Redis, and a write is answered only when no other gateway trusts itself', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.news.tell(position);
    for (const { proxy } of [writer, other]) proxy.cut();
    expect(await writer.news.tell(position)).toBe(false);
    expect(other.news.complete).toBe(false);
    expect(other.lost).toBeGreaterThan(0);
    for (const { proxy } of [writer, other]) proxy.restore();
    await eventually('all hear again', () => writer.news.complete && other.news.complete);
  });

  it('are answered without Redis only once those whose connection hangs do not trust themselves either', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.news.tell(position);
    other.proxy.hang();
    writer.proxy.cut();
    expect(await writer.news.tell(position)).toBe(false);
    expect(other.news.complete).toBe(false);
  });

  it('are told to have been missed as soon as Redis answers again, before a write is answered', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.news.tell(position);
    writer.proxy.cut();
    const telling = writer.news.tell({ ...position, version: 4 });
    writer.proxy.restore();
    expect(await telling).toBe(false);
    expect(other.lost).toBeGreaterThan(0);
  });

  it('are told to have been missed even after a write was answered', async () => {
    const [writer, other] = [await startGateway(), await startGateway()];
    await writer.news.tell(position);
    writer.proxy.cut();
    expect(await writer.news.tell({ ...position, version: 4 })).toBe(false);
    expect([other.lost, other.news.complete]).toEqual([0, true]);
    writer.proxy.restore();
    await eventually('the other knows that it has missed a write', () => other.lost > 0);
  });

  it('may be missed by whom Redis fails, which forgets what it knows before it trusts itself again', async () => {
    const gateway = await startGateway();
    const { redis } = gateway;
    await redis.client('KILL', 'ID', await redis.client('ID'), 'SKIPME', 'no');
    await eventually('it has forgotten and trusts itself', () => gateway.lost > 0 && gateway.news.complete);
  });

  it('outlive a connection that is lost as it becomes ready', async () => {
    const { news, proxy } = await startGateway();
    const { subscriber } = news as unknown as { subscriber: ReadyChecked };
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
    await eventually('the gateway hears itself', () => news.complete);
  });
});
