import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { serverNames, serviceNames } from '../settings.ts';

const root = join(__dirname, '../..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const { version } = JSON.parse(text('package.json')) as { version: string };

interface Service {
  image: string;
  profiles?: string[];
  extends?: { file: string; service: string };
  build?: { target: string; args: Record<string, string> };
  user?: string;
  restart: string;
  read_only?: boolean;
  tmpfs?: string[];
  cap_drop: string[];
  security_opt: string[];
  mem_limit: string;
  shm_size?: string;
  stop_grace_period?: string;
  logging: { options: Record<string, string> };
  environment: Record<string, string | number | null>;
  ports?: string[];
  command?: string[];
  healthcheck?: { test: string[]; interval: string };
}

/** Parses a file like Compose does, but without replacing variables. */
const read = (file: string) =>
  parse(text(file), { merge: true }) as { name: string; services: Record<string, Service> };
const { name, services } = read('docker-compose.yml');
const all = Object.entries(services);
const service = (which: string) => services[which] as Service;
/** Those of the profile observability. */
const observers = ['prometheus', 'grafana', 'collector'];
const databases = ['postgres', 'timescaledb'];
const dockerfile = text('infra/images/Dockerfile');

describe('docker-compose.yml', () => {
  it('has all servers and services, in a project whose name differs from that of a local start', () => {
    expect(Object.keys(services).sort()).toEqual([...serverNames, ...serviceNames, ...observers].sort());
    expect(name).toBe('activity-feed');
  });

  it.each(all)('gives %s a memory limit, a log of limited size and no capabilities', (_, container) => {
    expect(container).toMatchObject({
      restart: 'unless-stopped',
      mem_limit: expect.stringMatching(/^(\$\{\w+:-)?\d+[mg]\}?$/),
      logging: { options: { 'max-size': expect.any(String), 'max-file': expect.any(String) } },
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it.each(all.filter(([which]) => which !== 'kafka'))('lets %s write only to /tmp and its data', (_, container) => {
    expect(container.read_only).toBe(true);
    expect(container.tmpfs).toContain('/tmp');
  });

  it.each(['postgres', 'timescaledb', 'redis'])('never runs %s as root', (which) => {
    expect(service(which).user).toBe(which === 'redis' ? 'redis' : 'postgres');
  });

  it.each(databases)('gives %s time to stop, and shared memory', (which) => {
    expect(service(which)).toMatchObject({ stop_grace_period: '1m', shm_size: '256m' });
  });

  it("has enough worker processes for TimescaleDB's background jobs", () => {
    const options = Object.fromEntries(
      (service('timescaledb').command ?? []).slice(1).map((option) => option.replace(/^-c/, '').split('=')),
    );
    const parallel = 8;
    const needed = Number(options['timescaledb.max_background_workers']) + parallel + 3;
    expect(Number(options.max_worker_processes)).toBeGreaterThanOrEqual(needed);
  });

  it.each(serviceNames)('tags and builds the image of %s with the version', (which) => {
    const wanted = `\${ACTIVITY_FEED_VERSION:-${version}}`;
    expect(service(which).image).toBe(`activity-feed/${which}:${wanted}`);
    expect(service(which).build).toMatchObject({ target: which, args: { VERSION: wanted } });
  });

  it('publishes only the gateway and Kafka, on this machine only, and Kafka requires credentials', () => {
    const open = all.flatMap(([which, { ports = [] }]) => ports.map((port) => [which, port.split(':')[0]]));
    expect(open.filter(([which]) => !observers.includes(which as string))).toEqual([
      ['kafka', '127.0.0.1'],
      ['gateway', '127.0.0.1'],
    ]);
    expect(new Set(open.map(([, address]) => address))).toEqual(new Set(['127.0.0.1']));
    const protocols = String(service('kafka').environment.KAFKA_LISTENER_SECURITY_PROTOCOL_MAP).split(',');
    expect(protocols).toEqual(expect.arrayContaining(['SERVICES:SASL_PLAINTEXT', 'OUTSIDE:SASL_PLAINTEXT']));
    const listeners = String(service('kafka').environment.KAFKA_LISTENERS).split(',');
    const open2 = listeners.filter((listener) => !/:\/\/127\.0\.0\.1:/.test(listener));
    expect(open2).toEqual(['SERVICES://:9092', 'OUTSIDE://:9095']);
  });

  it('checks the servers every 15 s, without starting a JVM or Node', () => {
    const checks = all.flatMap(([, { healthcheck }]) => healthcheck ?? []);
    expect(checks.map(({ test }) => test[1])).toEqual(['pg_isready', 'pg_isready', 'bash', 'redis-cli']);
    expect(new Set(checks.map(({ interval }) => interval))).toEqual(new Set(['15s']));
  });

  it('gives every service the passwords of the servers it uses, never within a URL', () => {
    for (const which of serviceNames) {
      const { environment } = service(which);
      expect(environment).toMatchObject({ REDIS_PASSWORD: expect.stringContaining('REDIS_PASSWORD') });
      if (which !== 'gateway') {
        expect(environment).toMatchObject({
          DATABASE_PASSWORD: expect.stringContaining('POSTGRES_PASSWORD'),
          KAFKA_SASL_PASSWORD: expect.stringContaining('KAFKA_PASSWORD'),
        });
      }
      expect(JSON.stringify(environment)).not.toMatch(/:\/\/[^/"]*:[^/"]*@/);
    }
  });

  it('gives every service the same service secret, of at least 16 characters even in the profile demo', () => {
    const secrets = serviceNames.map((which) => String(service(which).environment.SERVICE_SECRET));
    expect(new Set(secrets)).toEqual(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose replaces the variables
      new Set(['${SERVICE_SECRET:-between-services-${POSTGRES_PASSWORD:-${COMPOSE_PROFILES:-}}}']),
    );
    expect(dockerfile).toContain(' SERVICE_SECRET_REQUIRED=true');
  });

  it('runs what observes the system only in the profile observability, which can stand alone or beside demo', () => {
    expect(all.filter(([, { profiles }]) => profiles).map(([which]) => which)).toEqual(observers);
    for (const which of observers) expect(service(which).profiles).toEqual(['observability']);
    const { services } = read('infra/docker/profile-observability.yml');
    expect(services['social-graph']?.extends).toEqual({ file: 'profile-none.yml', service: 'social-graph' });
  });

  it('has the images of `npm start -- --observe`, pinned to a version, with the same settings for Grafana', () => {
    const local = read('infra/docker/observe.yml').services;
    expect(Object.keys(local)).toEqual(observers);
    for (const which of observers) {
      expect(service(which).image).toMatch(/:v?\d+\.\d+\.\d+$/);
      expect(local[which]?.image).toBe(service(which).image);
    }
    const { PROMETHEUS_URL, ...settings } = service('grafana').environment;
    expect(local.grafana?.environment).toMatchObject(settings);
  });

  it('has demo users only in the profile demo, and requires a password without it', () => {
    expect(text('docker-compose.yml')).not.toContain('DEMO_USERS');
    const profile = `profile-\${COMPOSE_PROFILES:-none}.yml`;
    expect(service('social-graph').extends).toEqual({ file: `infra/docker/${profile}`, service: 'social-graph' });
    expect(service('social-graph').environment).not.toHaveProperty('DEMO_USERS');
    const [none, demo] = ['none', 'demo'].map((profile) => read(`infra/docker/profile-${profile}.yml`).services);
    expect(demo?.['social-graph']?.environment).toEqual({ DEMO_USERS: 'true' });
    expect(none?.['social-graph']?.environment).toEqual({
      DATABASE_PASSWORD: expect.stringMatching(/^\$\{POSTGRES_PASSWORD:\?.*COMPOSE_PROFILES=demo/),
    });
  });
});

describe('the images', () => {
  it('have labels with the version of the project', () => {
    expect(dockerfile).toContain(`ARG VERSION=${version}\nLABEL org.opencontainers.image.version=\${VERSION}\n`);
    for (const which of serviceNames) expect(dockerfile).toContain(`image.title=activity-feed-${which} `);
  });

  it('run as a numeric user, expose their ports, and have a health check every 15 s that does not start Node', () => {
    expect(dockerfile.match(/^USER .*/gm)).toEqual(serviceNames.map(() => 'USER 1000:1000'));
    expect(dockerfile.match(/^EXPOSE .*/gm)).toEqual(['EXPOSE 5000', 'EXPOSE 5010', 'EXPOSE 5001']);
    expect(dockerfile.match(/^HEALTHCHECK .*/gm)).toEqual([
      'HEALTHCHECK --interval=15s --timeout=3s --start-period=60s CMD ["ready"]',
    ]);
  });
});
