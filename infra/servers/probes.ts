import { get } from 'node:http';
import { connect, type NetConnectOpts, type Socket } from 'node:net';

/**
 * Connects like `connect`. Drops a connection to itself: while no server listens on a port that the kernel also gives to
 * outgoing connections, TCP can connect a socket to its own port. It would read back what it writes.
 */
function connectToServer(options: NetConnectOpts & { timeout: number }, connected: () => void): Socket {
  const socket = connect(options, () => {
    const isOwn = socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress;
    if (isOwn) socket.destroy();
    else connected();
  });
  return socket;
}

/** Sends one request over a new connection. Resolves with at least `wanted` bytes, or fewer if the connection ends. */
function ask(port: number, request: Buffer, wanted: number): Promise<Buffer> {
  return new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const socket = connectToServer({ host: '127.0.0.1', port, timeout: 1000 }, () => socket.write(request));
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length >= wanted) end();
    });
    for (const event of ['end', 'close', 'timeout', 'error'] as const) socket.on(event, end);
  });
}

/** Like pg_isready: a server that accepts connections answers a start-up message with an authentication request. */
export async function postgresAnswers(port: number): Promise<boolean> {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + parameters.length, 0);
  head.writeInt32BE(0x0003_0000, 4);
  const answer = await ask(port, Buffer.concat([head, parameters]), 1);
  return answer.toString('latin1').startsWith('R');
}

export async function redisAnswers(port: number): Promise<boolean> {
  const answer = await ask(port, Buffer.from('PING\r\n'), 5);
  return answer.toString('latin1').startsWith('+PONG');
}

const METADATA = 3;

/**
 * Sends a Metadata request, version 1, for no topics. The port opens early, but the response lists the broker only once
 * the controller has accepted it. https://kafka.apache.org/protocol#The_Messages_Metadata
 */
export async function kafkaAnswers(port: number): Promise<boolean> {
  const body = Buffer.alloc(14);
  body.writeInt16BE(METADATA, 0);
  body.writeInt16BE(1, 2);
  body.writeInt32BE(1, 4);
  body.writeInt16BE(-1, 8);
  body.writeInt32BE(0, 10);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  const answer = await ask(port, Buffer.concat([size, body]), 12);
  return answer.length >= 12 && answer.readInt32BE(8) > 0;
}

/** Whether a server answers a path with 200. */
export function httpAnswers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 1000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    for (const event of ['error', 'close'] as const) request.on(event, () => resolve(false));
  });
}

/** Whether anything accepts connections at this address. For outside servers, which may require credentials. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    const socket = connectToServer({ host, port, timeout: 3000 }, end(true));
    for (const event of ['close', 'timeout', 'error'] as const) socket.on(event, end(false));
  });
}
