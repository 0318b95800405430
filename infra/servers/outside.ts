import { OperatorError } from '../console.ts';
import type { InfraSettings, ServerName } from '../settings.ts';
import { accepts } from './probes.ts';

const defaultPorts: Record<ServerName, number> = { postgres: 5432, timescaledb: 5432, kafka: 9092, redis: 6379 };

function hostAndPort(name: ServerName, address: string): { host: string; port: number } {
  // Of several brokers, only the first is checked.
  const url = new URL(name === 'kafka' ? `kafka://${address.split(',')[0]}` : address);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || defaultPorts[name] };
}

/** Throws if a server with an outside address accepts no connection, instead of letting the services wait for it. */
export async function assertOutsideServersAccept(outside: InfraSettings['outside']): Promise<void> {
  const given = Object.entries(outside) as [ServerName, string][];
  const answers = await Promise.all(
    given.map(async ([name, address]) => {
      const { host, port } = hostAndPort(name, address);
      return (await accepts(host, port)) ? undefined : `  ${name} at ${host}:${port}`;
    }),
  );
  const silent = answers.filter((answer) => answer !== undefined);
  if (silent.length > 0) throw new OperatorError(`Cannot connect to these servers:\n${silent.join('\n')}`);
}
