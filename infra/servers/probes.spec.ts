import { createServer } from 'node:http';
import net, { type TcpNetConnectOpts } from 'node:net';
import { freePorts } from '../../test/harness/free-ports.ts';
import { accepts, httpAnswers, kafkaAnswers, postgresAnswers, redisAnswers } from './probes.ts';

describe('a probe whose connection gets the port of the missing server as its own', () => {
  const { connect } = net;
  let connections: net.Socket[];
  beforeEach(() => {
    connections = [];
    const connectToItself = (options: TcpNetConnectOpts, connected: () => void) => {
      const socket = connect({ ...options, localAddress: '127.0.0.1', localPort: options.port }, connected);
      socket.on('connect', () => connections.push(socket));
      return socket;
    };
    jest.spyOn(net, 'connect').mockImplementation(connectToItself as typeof connect);
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['kafka', kafkaAnswers],
    ['redis', redisAnswers],
    ['postgres', postgresAnswers],
    ['any server', (port: number) => accepts('127.0.0.1', port)],
  ])('finds no answer of %s', async (_server, answers) => {
    const [port] = (await freePorts(1)) as [number];
    expect(await answers(port)).toBe(false);
    expect(connections).toHaveLength(1);
  });
});

describe('a probe over HTTP', () => {
  it('finds a server ready if it answers 200', async () => {
    const [port] = (await freePorts(1)) as [number];
    const isReady = () => httpAnswers(port, '/-/ready');
    expect(await isReady()).toBe(false);
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/-/ready' ? status : 404;
      response.end();
    });
    let status = 503;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      expect(await isReady()).toBe(false);
      status = 200;
      expect(await isReady()).toBe(true);
    } finally {
      server.close();
    }
  });
});
