import { createServer, type RequestListener, type Server } from 'node:http';
import { readinessOf } from './readiness.ts';

/** Ports that `fetch` refuses; the test uses the first free one. https://fetch.spec.whatwg.org/#port-blocking */
const blocked = [6000, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080];

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

function listen(port: number, answer: RequestListener): Promise<boolean> {
  const server = createServer(answer);
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => {
      servers.push(server);
      resolve(true);
    });
  });
}

async function listenOnBlockedPort(answer: RequestListener): Promise<string> {
  for (const port of blocked) if (await listen(port, answer)) return `http://127.0.0.1:${port}`;
  throw new Error(`all of ${blocked.join(', ')} are in use`);
}

describe('readinessOf', () => {
  it('works on a port that fetch refuses', async () => {
    const asked: (string | undefined)[] = [];
    const address = await listenOnBlockedPort((request, response) => {
      asked.push(request.url);
      response.end('{"status":"ready","dependencies":{}}');
    });
    await expect(fetch(address)).rejects.toThrow();
    expect(await readinessOf(address)).toEqual({ status: 200, says: 'ready' });
    expect(asked).toEqual(['/health/ready']);
  });

  it('returns the HTTP status and state of a service that is not ready', async () => {
    const address = await listenOnBlockedPort((_, response) => {
      response.writeHead(503).end('{"status":"unavailable"}');
    });
    expect(await readinessOf(address)).toEqual({ status: 503, says: 'unavailable' });
  });

  it('returns undefined if nothing listens or the connection breaks', async () => {
    const address = await listenOnBlockedPort((request) => request.socket.destroy());
    expect(await readinessOf(address)).toBeUndefined();
    const [server] = servers.splice(0);
    await new Promise((closed) => server?.close(closed));
    expect(await readinessOf(address)).toBeUndefined();
  });

  it('returns no state for a body that is not JSON', async () => {
    const address = await listenOnBlockedPort((_, response) => response.end('<html>'));
    expect(await readinessOf(address)).toEqual({ status: 200, says: undefined });
  });
});
