import net, { type TcpNetConnectOpts } from 'node:net';
import { freePorts } from '../../test/harness/free-ports.ts';
import { accepts, kafkaAnswers, postgresAnswers, redisAnswers } from './probes.ts';

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
