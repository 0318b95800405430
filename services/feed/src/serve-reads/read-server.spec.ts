import { FEED_READS, FEED_STATUSES } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import { LinkClient, LinkServer } from '@activity-feed/link';
import { ReadServer, type Reads } from './read-server';

const HOST = '127.0.0.1';
const LATER_OPERATION = 100;

describe('a read server', () => {
  const log = { warn: jest.fn(), error: jest.fn() };
  let server: ReadServer;
  let client: LinkClient;

  beforeEach(async () => {
    const port = await freePort();
    const reads = { stats: () => Promise.reject(new TypeError('broken')) } as unknown as Reads;
    server = new ReadServer({
      host: HOST,
      port,
      reads,
      dependencies: [],
      subscribe: () => () => undefined,
      log: log as unknown as Logger,
    });
    await server.onApplicationBootstrap();
    client = new LinkClient({ host: HOST, port });
  });
  afterEach(async () => {
    client.close();
    await server.beforeApplicationShutdown();
  });

  const ask = (operation: number) => client.call(operation, Buffer.from('{}'));

  it('refuses a read of a later version as unavailable here', async () => {
    expect(await ask(LATER_OPERATION)).toEqual({ status: FEED_STATUSES.refused, payload: 'SERVICE_UNAVAILABLE' });
  });

  it('refuses a read that fails as an internal error', async () => {
    expect(await ask(FEED_READS.stats.operation)).toEqual({ status: FEED_STATUSES.refused, payload: 'INTERNAL' });
  });
});

async function freePort(): Promise<number> {
  const server = new LinkServer(() => new Promise(() => {}));
  const port = await server.listen(0, HOST);
  await server.close();
  return port;
}
