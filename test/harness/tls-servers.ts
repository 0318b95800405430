import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { postgresOwner } from '../../infra/local/data-folder.ts';
import { install } from '../../infra/local/install.ts';
import { kafkaProcess, prepareKafka } from '../../infra/local/kafka/server.ts';
import { clusterProcess, makeCluster } from '../../infra/local/postgres.ts';
import { redisProcess } from '../../infra/local/redis.ts';
import { type ProcessSpec, SupervisedProcess } from '../../infra/process/supervised-process.ts';
import { accepts } from '../../infra/servers/probes.ts';
import { freePorts } from './free-ports';

/** The password for the broker and Redis. */
export const PASSWORD = 'of the tests';
const READY_MS = 45_000;

interface Certificates {
  /** The certificate of the authority that signed the server's certificate. */
  ca: string;
  certificate: string;
  /** PKCS #8. */
  key: string;
}

/** PostgreSQL with TimescaleDB, a Kafka broker and Redis, which all accept only TLS. */
export class TlsServers {
  private constructor(
    readonly folder: string,
    readonly ports: Readonly<Record<'postgres' | 'kafka' | 'redis', number>>,
    /** The certificate authority that a client must trust. */
    readonly caFile: string,
    private readonly running: readonly SupervisedProcess[],
  ) {}

  static async start(): Promise<TlsServers> {
    const { signal } = new AbortController();
    // The user that runs PostgreSQL must be able to enter it.
    const folder = mkdtempSync(join(tmpdir(), 'tls-servers-'));
    const owner = postgresOwner();
    if (owner) chownSync(folder, owner.uid, owner.gid);
    const files = writeCertificates(folder, await makeCertificates(), owner);
    const [postgres, kafka, controllerPort, redis] = (await freePorts(4)) as [number, number, number, number];
    const programs = await install(['timescaledb', 'kafka', 'redis'], signal);
    const place = (name: string) => ({ folder: join(folder, name), logFile: join(folder, `${name}.log`) });

    const cluster = {
      ...place('timescaledb'),
      name: 'timescaledb' as const,
      programs: programs.postgresPrograms,
      port: postgres,
      owner,
      settings: { ssl: 'on', ssl_cert_file: files.certificate, ssl_key_file: files.key, hba_file: files.hba },
    };
    await makeCluster(cluster, signal);
    const broker = {
      ...place('kafka'),
      java: programs.java,
      jars: programs.kafkaJars,
      port: kafka,
      controllerPort,
      settings: brokerSettings(kafka, controllerPort, files),
      scramUsers: [`SCRAM-SHA-256=[name=scram,password=${PASSWORD}]`],
    };
    await prepareKafka(broker, signal);
    mkdirSync(join(folder, 'redis'));
    const cache = {
      ...place('redis'),
      program: programs.redisServer,
      port: redis,
      settings: {
        port: '0',
        'tls-port': String(redis),
        'tls-cert-file': files.certificate,
        'tls-key-file': files.redisKey,
        'tls-ca-cert-file': files.ca,
        'tls-auth-clients': 'no',
        requirepass: PASSWORD,
      },
    };
    const specs = [
      [clusterProcess(cluster), postgres],
      [kafkaProcess(broker), kafka],
      [redisProcess(cache), redis],
    ] as const;
    const running = specs.map(([spec, port]) => new SupervisedProcess(withTlsProbe(spec, port)));
    const servers = new TlsServers(folder, { postgres, kafka, redis }, files.ca, running);
    try {
      for (const server of running) server.start();
      await Promise.all(running.map((server) => server.ready(READY_MS, signal)));
    } catch (error) {
      await servers.stop();
      throw error;
    }
    return servers;
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((server) => server.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The default probes do not use TLS. */
const withTlsProbe = (spec: ProcessSpec, port: number): ProcessSpec => ({
  ...spec,
  probe: () => accepts('127.0.0.1', port),
});

async function makeCertificates(): Promise<Certificates> {
  const name = (value: string) => [{ name: 'commonName', value }];
  const authority = await generate(name('An authority of the tests'), {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate(name('A server of the tests'), {
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  return { ca: authority.cert, certificate: server.cert, key: server.private };
}

function writeCertificates(
  folder: string,
  { ca, certificate, key }: Certificates,
  owner: ReturnType<typeof postgresOwner>,
) {
  const write = (file: string, content: string, mode = 0o600) => {
    writeFileSync(join(folder, file), content, { mode });
    return join(folder, file);
  };
  const files = {
    ca: write('ca.pem', ca, 0o644),
    certificate: write('certificate.pem', certificate, 0o644),
    // PostgreSQL and Redis require key files that only their own user can read.
    key: write('postgres-key.pem', key),
    redisKey: write('redis-key.pem', key),
    /** For the broker: key and certificate in one file. */
    keystore: write('keystore.pem', `${key.trim()}\n${certificate.trim()}\n`),
    hba: write('pg_hba.conf', 'hostssl all postgres 127.0.0.1/32 trust\n', 0o644),
  };
  if (owner) chownSync(files.key, owner.uid, owner.gid);
  return files;
}

function brokerSettings(port: number, controllerPort: number, files: { keystore: string; ca: string }) {
  const jaas = (module: string, more = '') => `org.apache.kafka.common.security.${module} required${more};`;
  const users = ` username="broker" password="${PASSWORD}" user_broker="${PASSWORD}" user_plain="${PASSWORD}"`;
  return {
    listeners: `SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `SASL_SSL://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'SASL_SSL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': jaas('plain.PlainLoginModule', users),
    'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': jaas('scram.ScramLoginModule'),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': files.keystore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': files.ca,
  };
}
