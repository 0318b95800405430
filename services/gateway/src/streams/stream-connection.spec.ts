import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { StreamConnection } from './stream-connection';

describe('the connection of a stream', () => {
  let server: Server;
  let client: Socket;
  let received: string;
  let requests: { message: IncomingMessage; response: ServerResponse }[];

  /** Sends `heads`, and resolves when the server has got as many requests. */
  async function ask(...heads: string[]): Promise<void> {
    client.write(heads.map((head) => `${head}\r\nhost: a\r\n\r\n`).join(''));
    await until(() => requests.length === heads.length);
  }

  const begin = (request: (typeof requests)[number] | undefined) =>
    request && StreamConnection.begin(request.message, request.response, { 'x-request-id': '1' });

  beforeEach(async () => {
    [received, requests] = ['', []];
    server = createServer((message, response) => requests.push({ message, response })).listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    client.on('data', (text) => (received += text));
  });
  afterEach(async () => {
    client.destroy();
    server.close();
    await once(server, 'close');
  });

  it('sends each text as a chunk', async () => {
    await ask('GET / HTTP/1.1');
    const connection = begin(requests[0]);
    connection?.write('one');
    connection?.write('the second one\n');
    await connection?.end('');
    await once(client, 'close');
    const end = received.indexOf('\r\n\r\n');
    const [head, body] = [received.slice(0, end), received.slice(end + 4)];
    expect(head).toMatch(/^HTTP\/1.1 200 OK\r\nx-request-id: 1\r\ncontent-type: text\/event-stream/);
    expect(head).toMatch(/transfer-encoding: chunked\r\nconnection: close$/);
    expect(body).toBe('3\r\none\r\nf\r\nthe second one\n\r\n0\r\n\r\n');
  });

  it('sends texts as they are to a client of HTTP/1.0, and closes the connection after the last', async () => {
    await ask('GET / HTTP/1.0');
    const connection = begin(requests[0]);
    connection?.write('one, ');
    await connection?.end('two');
    await once(client, 'close');
    expect(received).toMatch(/connection: close\r\n\r\none, two$/);
    expect(received).not.toContain('chunked');
  });

  it('leaves nothing to the HTTP server', async () => {
    await ask('GET / HTTP/1.1');
    const isForgotten = once(requests[0]?.response as ServerResponse, 'close');
    const connection = begin(requests[0]);
    await isForgotten;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    connection?.write('still here');
    await until(() => received.includes('still here'));
    expect(begin(requests[0])).toBeUndefined();
  });

  it('ignores what the client sends later, and ends with the client', async () => {
    await ask('GET / HTTP/1.1');
    const connection = begin(requests[0]);
    const isClosed = new Promise<void>((resolve) => connection?.onClose(resolve));
    client.write('GET /other HTTP/1.1\r\nhost: a\r\n\r\n');
    client.end();
    await isClosed;
    expect(requests).toHaveLength(1);
  });

  it('does not begin before the answers to earlier requests are sent', async () => {
    await ask('GET /first HTTP/1.1', 'GET /stream HTTP/1.1');
    expect(begin(requests[1])).toBeUndefined();
    requests[0]?.response.end('first');
    requests[1]?.response.end('second');
    await until(() => received.endsWith('second'));
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}
