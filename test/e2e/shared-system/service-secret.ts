import { once } from 'node:events';
import { connect } from 'node:net';
import { Ping } from '@activity-feed/contracts';
import { request } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import { freePorts } from '../../harness/free-ports';
import type { ServiceProcess } from '../../harness/service-process';
import { SERVICE_SECRET, type System } from '../../harness/system';
import { expectError } from '../expect-error';

const ping = JSON.stringify({ pattern: Ping.pattern, data: {}, id: 'a' });
/** The preamble of the link, and a call of the operation 1 without a payload. */
const CALL = Buffer.concat([Buffer.from('AFL1'), Buffer.from([0, 0, 0, 5, 0, 0, 0, 1, 1])]);
const REFUSED = 'refused a connection without SERVICE_SECRET; the gateways need the same one';

/** Declares the tests. */
export function testServiceSecret(system: () => System): void {
  const opened: ServiceProcess[] = [];
  afterAll(() => Promise.all(opened.map((gateway) => gateway.end('SIGTERM'))));

  /** Another gateway, which need not become ready. */
  async function gatewayWith(environment: Record<string, string>): Promise<string> {
    const [http, metrics] = (await freePorts(2)).map(String) as [string, string];
    const gateway = (system().gateways[0] as ServiceProcess).with({
      HTTP_PORT: http,
      METRICS_PORT: metrics,
      ...environment,
    });
    opened.push(gateway);
    await gateway.start('live');
    return `http://127.0.0.1:${gateway.httpPort}`;
  }

  /** What a service answers to `bytes` until it closes the connection. */
  async function answerTo({ rpcAddress }: ServiceProcess, bytes: string | Buffer): Promise<string> {
    const socket = connect(Number(rpcAddress.split(':')[1]), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(bytes);
    await eventually('the connection is closed', () => socket.closed);
    return received;
  }

  it('keeps every service from answering whoever does not know it', async () => {
    const { services } = system();
    expect(await answerTo(services['social-graph'], `${ping.length}#${ping}`)).toBe('');
    expect(await answerTo(services.activity, `${ping.length}#${ping}`)).toBe('');
    expect(await answerTo(services.feed, CALL)).toBe('');
    const refusing = [services['social-graph'], services.activity, services.feed];
    await eventually('all have logged it', () => refusing.every(({ output }) => output.includes(REFUSED)));
  });

  it.each([
    ['no secret', ''],
    ['another secret', 'another secret of the tests'],
  ])('lets a gateway with %s do nothing', async (_case, secret) => {
    const ivan = await system().as('ivan');
    const address = await gatewayWith({ SERVICE_SECRET: secret });
    expectError(await ivan.at(address).get('/me'), 503, 'SERVICE_UNAVAILABLE');
    expectError(await ivan.at(address).send('/post', { type: 'post', content: 'a' }), 503, 'SERVICE_UNAVAILABLE');
    const { status, body } = await request(address, '/health/ready');
    expect([status, body.dependencies]).toEqual([
      503,
      expect.objectContaining({ 'social-graph': 'down', activity: 'down', feed: 'down' }),
    ]);
  });

  it('is never logged', () => {
    for (const { output } of [...system().processes, ...opened]) expect(output).not.toContain(SERVICE_SECRET);
  });
}
