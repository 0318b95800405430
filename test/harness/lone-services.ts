import { Client } from 'pg';
import { dropDatabases } from './databases';
import { freePorts } from './free-ports';
import { testServers, uniqueName } from './servers';
import { type ServiceName, ServiceProcess } from './service-process';
import { TcpProxy } from './tcp-proxy';

/** Single services behind the gateway, with proxies between them and the servers. */
export class LoneServices {
  private readonly databases: string[] = [];
  private readonly processes: ServiceProcess[] = [];
  private readonly clients: Client[] = [];
  private readonly proxies: TcpProxy[] = [];

  /** The URL of a database that does not exist yet. */
  newDatabase(name: ServiceName): string {
    const url = `${serverOf(name)}/${uniqueName()}`;
    this.databases.push(url);
    return url;
  }

  async connect(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    this.clients.push(client);
    await client.connect();
    return client;
  }

  /** A proxy to the server of the service's database. */
  async proxyToDatabase(name: ServiceName): Promise<TcpProxy> {
    const { hostname, port } = new URL(serverOf(name));
    const proxy = await TcpProxy.to(hostname, Number(port));
    this.proxies.push(proxy);
    return proxy;
  }

  /** A process that is not started yet. `more` overrides its environment. */
  async service(name: ServiceName, databaseUrl: string, more: Record<string, string> = {}): Promise<ServiceProcess> {
    const { brokers, redis } = testServers();
    const [http, rpc] = (await freePorts(2)).map(String) as [string, string];
    const prefix = `${uniqueName()}.`;
    const process = new ServiceProcess(name, {
      HTTP_PORT: http,
      RPC_PORT: rpc,
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: brokers.join(','),
      KAFKA_PREFIX: prefix,
      REDIS_URL: redis,
      REDIS_PREFIX: prefix,
      ...more,
    });
    this.processes.push(process);
    return process;
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((service) => service.end('SIGKILL')));
    await Promise.all(this.clients.map((client) => client.end()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await dropDatabases(this.databases);
  }
}

const serverOf = (name: ServiceName) => testServers()[name === 'feed' ? 'timescaledb' : 'postgres'];
