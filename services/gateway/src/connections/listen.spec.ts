import { once } from 'node:events';
import { Agent, createServer, get, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createPort, type ListenOptions } from 'node:net';
import { text } from 'node:stream/consumers';
import { listen } from './listen';

const CLIENTS = 32;

describe('listening with several sockets on one port', () => {
  let server: Server;
  let port: number;
  const waiting: ServerResponse[] = [];
  const gateway = {
    listen: async (options: ListenOptions) => {
      const listening = once(server, 'listening');
      server.listen(options);
      await listening;
    },
    getHttpServer: () => server,
  };

  beforeEach(async () => {
    waiting.length = 0;
    server = createServer((_request, response) => waiting.push(response));
    port = await freePort();
  });

  async function freePort(): Promise<number> {
    const taken = createPort().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    taken.close();
    await once(taken, 'close');
    return port;
  }

  async function answer(): Promise<string> {
    const [response] = await once(get({ port, host: '127.0.0.1', agent: new Agent() }), 'response');
    return text(response);
  }

  it('ends when all connections have been answered, whichever socket accepted them', async () => {
    await listen(gateway, '127.0.0.1', port);
    const answers = Array.from({ length: CLIENTS }, answer);
    while (waiting.length < CLIENTS) await new Promise(setImmediate);
    let isClosed = false;
    const closed = new Promise<void>((resolve) =>
      server.close(() => {
        isClosed = true;
        resolve();
      }),
    );
    for (const [index, response] of waiting.entries()) {
      expect(isClosed).toBe(false);
      response.setHeader('connection', 'close').end(String(index));
      await once(response, 'close');
    }
    await closed;
    expect(new Set(await Promise.all(answers)).size).toBe(CLIENTS);
  });

  it('rejects when another process is already listening on the port', async () => {
    const other = createPort().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect(listen(gateway, '127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });
});
