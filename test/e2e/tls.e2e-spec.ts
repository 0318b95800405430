import { ApiClient, request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { freePorts } from '../harness/free-ports';
import { describeWithOwnServers } from '../harness/servers';
import { type ServiceName, ServiceProcess } from '../harness/service-process';
import { ADMIN_KEY } from '../harness/system';
import { PASSWORD, TlsServers } from '../harness/tls-servers';

describeWithOwnServers('servers that want TLS and passwords', () => {
  let servers: TlsServers;
  let services: Record<ServiceName, ServiceProcess>;
  const others: ServiceProcess[] = [];

  /** All clients trust the tests' certificate authority. The write services use different SASL mechanisms. */
  async function describeServices(): Promise<typeof services> {
    const { postgres, kafka, redis } = servers.ports;
    const ports = (await freePorts(7)).map(String);
    const rpc = { 'social-graph': ports[0], activity: ports[1], feed: ports[2] } as Record<ServiceName, string>;
    const trust = { NODE_EXTRA_CA_CERTS: servers.caFile };
    const cache = { REDIS_URL: `rediss://127.0.0.1:${redis}`, REDIS_PASSWORD: PASSWORD };
    const broker = (KAFKA_SASL_MECHANISM: string, KAFKA_SASL_USERNAME: string) => ({
      KAFKA_BROKERS: `127.0.0.1:${kafka}`,
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM,
      KAFKA_SASL_USERNAME,
      KAFKA_SASL_PASSWORD: PASSWORD,
    });
    const backend = (name: ServiceName, http: string, more: Record<string, string>) =>
      new ServiceProcess(name, {
        ...trust,
        ...cache,
        ...more,
        HTTP_PORT: http,
        RPC_PORT: rpc[name],
        DATABASE_URL: `postgres://postgres@127.0.0.1:${postgres}/${name.replace('-', '_')}?sslmode=verify-full`,
      });
    return {
      'social-graph': backend('social-graph', ports[3] as string, {
        ...broker('PLAIN', 'plain'),
        DEMO_USERS: 'true',
      }),
      activity: backend('activity', ports[4] as string, broker('SCRAM-SHA-256', 'scram')),
      feed: backend('feed', ports[5] as string, broker('SCRAM-SHA-256', 'scram')),
      gateway: new ServiceProcess('gateway', {
        ...trust,
        ...cache,
        HTTP_PORT: ports[6] as string,
        SOCIAL_GRAPH_ADDRESS: `127.0.0.1:${rpc['social-graph']}`,
        ACTIVITY_ADDRESS: `127.0.0.1:${rpc.activity}`,
        FEED_ADDRESS: `127.0.0.1:${rpc.feed}`,
        ADMIN_KEY,
      }),
    };
  }

  /** Another instance of the activity service. `environment` overrides that of the first. */
  async function another(environment: Record<string, string>): Promise<ServiceProcess> {
    const [http, rpc] = (await freePorts(2)).map(String) as [string, string];
    const service = services.activity.with({ HTTP_PORT: http, RPC_PORT: rpc, ...environment });
    others.push(service);
    return service;
  }

  const dependenciesOf = async ({ httpPort }: ServiceProcess) =>
    (await request(`http://127.0.0.1:${httpPort}`, '/health/ready')).body.dependencies;

  beforeAll(async () => {
    servers = await TlsServers.start();
    services = await describeServices();
    await Promise.all(Object.values(services).map((service) => service.start()));
  }, 120_000);
  afterAll(async () => {
    await Promise.all([...Object.values(services ?? {}), ...others].map((service) => service.end('SIGTERM')));
    await servers?.stop();
  });

  it('work for all services: a post passes through every server', async () => {
    const gateway = `http://127.0.0.1:${services.gateway.httpPort}`;
    const nico = new ApiClient(gateway, 'abc124');
    const eric = new ApiClient(gateway, 'abc125');
    const { body } = await nico.post('photo', 'over TLS');
    await eric.follow('nico');
    await eventually('the follower sees the post', async () => {
      const { entries } = await eric.page('/feed/friends');
      return entries.some(({ object_id, actor_name }) => actor_name === 'nico' && object_id === body.object_id);
    });
    for (const service of Object.values(services)) {
      const states = Object.values<string>(await dependenciesOf(service));
      expect(states.filter((state) => state === 'down')).toEqual([]);
    }
  });

  it('are rejected by a client that does not trust their certificate authority', async () => {
    const service = await another({ NODE_EXTRA_CA_CERTS: '' });
    await expect(service.start()).rejects.toThrow('certificate');
    expect(await service.end('SIGTERM')).toBe(1);
  });

  it('that reject a password are reported as down, with the reason in the log', async () => {
    const service = await another({ KAFKA_SASL_PASSWORD: 'a wrong one', REDIS_PASSWORD: 'a wrong one' });
    await service.start('degraded');
    expect(await dependenciesOf(service)).toEqual({ postgres: 'up', kafka: 'down', redis: 'down' });
    for (const reason of ['invalid credentials with SASL mechanism SCRAM-SHA-256', 'WRONGPASS']) {
      await eventually(`the log says: ${reason}`, () => service.output.includes(reason));
    }
    for (const password of [PASSWORD, 'a wrong one']) expect(service.output).not.toContain(password);
  });
});
