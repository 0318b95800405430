import { request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { LoneServices } from '../harness/lone-services';
import { testServers } from '../harness/servers';
import { through } from '../harness/system';
import { TcpProxy } from '../harness/tcp-proxy';

describe('the readiness of a feed', () => {
  let lone: LoneServices;
  let kafka: TcpProxy;
  beforeEach(async () => {
    lone = new LoneServices();
    const [broker] = testServers().brokers as [string];
    const { hostname, port } = new URL(`kafka://${broker}`);
    kafka = await TcpProxy.to(hostname, Number(port));
  });
  afterEach(async () => {
    await lone.end();
    await kafka.close();
  });

  it.each([
    ['all', 200, 'degraded'],
    ['projector', 503, 'unavailable'],
  ] as const)('without Kafka, in the role %s, is %i %s', async (role, status, says) => {
    kafka.cut();
    const more = { FEED_ROLE: role, KAFKA_BROKERS: `127.0.0.1:${kafka.port}` };
    const feed = await lone.service('feed', lone.newDatabase('feed'), more);
    feed.launch();
    const answer = await eventually('it has started', async () => {
      const answer = await request(`http://127.0.0.1:${feed.httpPort}`, '/health/ready');
      return answer.body.status !== 'starting' && answer;
    });
    expect(answer).toMatchObject({
      status,
      body: { status: says, dependencies: { kafka: 'down', timescaledb: 'up' } },
    });
  });

  it.each([
    ['all', 200, 'degraded'],
    ['reader', 200, 'degraded'],
    ['projector', 503, 'unavailable'],
  ] as const)('without its database, in the role %s, is %i %s', async (role, status, says) => {
    const proxy = await lone.proxyToDatabase('feed');
    const feed = await lone.service('feed', through(proxy, lone.newDatabase('feed')), { FEED_ROLE: role });
    await feed.start();
    const readiness = () => request(`http://127.0.0.1:${feed.httpPort}`, '/health/ready');
    await eventually('all is up', async () => {
      const { body } = await readiness();
      return Object.values(body.dependencies).every((state) => state === 'up');
    });
    proxy.cut();
    const answer = await eventually('the database is reported as down', async () => {
      const answer = await readiness();
      return answer.body.dependencies.timescaledb === 'down' && answer;
    });
    expect(answer).toMatchObject({ status, body: { status: says } });
  });
});
