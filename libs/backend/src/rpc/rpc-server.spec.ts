import { once } from 'node:events';
import { type AddressInfo, connect, type Server } from 'node:net';
import type { Logger } from '@activity-feed/hosting';
import { Logger as NestLogger } from '@nestjs/common';
import { RpcServer } from './rpc-server';

describe('the RPC server', () => {
  const warn = jest.fn();
  const nestError = jest.spyOn(NestLogger.prototype, 'error').mockImplementation();
  const server = new RpcServer({ host: '127.0.0.1', port: 0 }, { warn } as unknown as Logger);

  beforeAll(() => new Promise<void>((resolve) => server.listen(() => resolve())));
  afterAll(() => server.close());
  afterEach(() => warn.mockClear());

  async function openConnection() {
    const { port } = server.unwrap<Server>().address() as AddressInfo;
    const accepted = once(server.unwrap<Server>(), 'connection');
    const client = connect(port, '127.0.0.1');
    client.on('error', () => undefined);
    await once(client, 'connect');
    const [socket] = await accepted;
    return { client, gone: once(socket, 'close').catch(() => undefined) };
  }

  it('logs one warning when a gateway is killed', async () => {
    const { client, gone } = await openConnection();
    client.resetAndDestroy();
    await gone;
    expect(warn.mock.calls).toEqual([
      [{ reason: 'read ECONNRESET', from: '127.0.0.1' }, 'connection from a gateway lost'],
    ]);
    expect(nestError).not.toHaveBeenCalled();
  });

  it('logs the reason when it receives something other than a message', async () => {
    const { client, gone } = await openConnection();
    client.write('twelve#{}');
    await gone;
    expect(warn.mock.calls).toEqual([
      [{ reason: expect.stringContaining('twelve'), from: '127.0.0.1' }, 'connection from a gateway lost'],
    ]);
    expect(nestError).not.toHaveBeenCalled();
  });
});
