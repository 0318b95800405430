import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../console.ts';

export interface NamedPort {
  readonly variable: string;
  readonly port: number;
}

const HOST = '127.0.0.1';
const LEAVING_MS = 4000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new OperatorError(`Port ${port} cannot be opened: ${error.message}`));
    });
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

async function busyOnes(ports: readonly NamedPort[]): Promise<NamedPort[]> {
  const free = await Promise.all(ports.map(({ port }) => isFree(port)));
  return ports.filter((_, index) => !free[index]);
}

/** Throws if ports are in use. Waits up to 4 s for servers of a killed run to release them. */
export async function assertPortsFree(ports: readonly NamedPort[], signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + LEAVING_MS;
  let busy = await busyOnes(ports);
  while (busy.length > 0 && performance.now() < deadline) {
    await sleep(250, undefined, { signal });
    busy = await busyOnes(busy);
  }
  if (busy.length === 0) return;
  const lines = busy.map(
    ({ variable, port }) => `  port ${port} on ${HOST} is in use; set ${variable} to another port`,
  );
  throw new OperatorError(`Cannot start:\n${lines.join('\n')}`);
}
