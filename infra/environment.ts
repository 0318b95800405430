import { readFileSync } from 'node:fs';
import { OperatorError } from './console.ts';
import type { NamedPort } from './process/ports.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

function refuse(variable: string, got: string, wanted: string): OperatorError {
  return new OperatorError(`${variable} is "${got}"; it must be ${wanted}.`);
}

/** A variable's value. An empty value counts as not set. */
export function text(env: Environment, variable: string): string | undefined {
  return env[variable]?.trim() || undefined;
}

/** A secret's value, from the variable or from the file that `<variable>_FILE` names. Services do the same. */
export function secret(env: Environment, variable: string): string | undefined {
  const file = text(env, `${variable}_FILE`);
  const value = text(env, variable);
  if (file === undefined) return value;
  if (value !== undefined) throw new OperatorError(`${variable} and ${variable}_FILE are both set; set only one.`);
  try {
    return readFileSync(file, 'utf8').replace(/[\r\n]+$/, '') || undefined;
  } catch (error) {
    throw new OperatorError(`${variable}_FILE cannot be read: ${(error as Error).message}`);
  }
}

export function port(env: Environment, variable: string, fallback: number): NamedPort {
  const value = text(env, variable);
  if (value === undefined) return { variable, port: fallback };
  const number = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > 65_535) throw refuse(variable, value, 'a port, a whole number from 1 to 65535');
  return { variable, port: number };
}

export function oneOf<T extends string>(env: Environment, variable: string, values: readonly T[]): T | undefined {
  const value = text(env, variable);
  if (value === undefined) return undefined;
  const found = values.find((known) => known === value);
  if (!found) throw refuse(variable, value, values.join(' or '));
  return found;
}

/** A server's URL without a database, e.g. postgres://user:password@host:5432. Each service adds its database. */
export function serverUrl(env: Environment, variable: string, protocols: readonly string[]): string | undefined {
  const value = text(env, variable);
  if (value === undefined) return undefined;
  const schemes = protocols.map((protocol) => `${protocol}//`).join(' or ');
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url?.hostname || !protocols.includes(url.protocol)) {
    throw refuse(variable, value, `a URL that begins with ${schemes}`);
  }
  if (url.protocol.startsWith('postgres') && url.pathname.length > 1) {
    throw refuse(variable, value, 'a URL without a database name: each service has a database of its own');
  }
  return value;
}

export function brokerList(env: Environment, variable: string): string | undefined {
  const value = text(env, variable);
  if (value === undefined) return undefined;
  const brokers = value.split(',').map((broker) => broker.trim());
  if (!brokers.every((broker) => /^(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}$/i.test(broker))) {
    throw refuse(variable, value, 'a list of host:port, separated by commas');
  }
  return brokers.join(',');
}
