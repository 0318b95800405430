import { createServer } from 'node:net';

/** Below the ports that the kernel gives to outgoing connections, one of which could take a port before its user does. */
const FIRST = 12_000;
/** Every process chooses from a range of its own, so that test files that run at the same time do not clash. */
const RANGES = 100;
const PORTS_PER_RANGE = 200;

let tried = 0;

/** `count` ports of 127.0.0.1 on which nothing listens. They are not chosen again soon. */
export async function freePorts(count: number): Promise<number[]> {
  const first = FIRST + (process.pid % RANGES) * PORTS_PER_RANGE;
  const ports: number[] = [];
  for (let left = PORTS_PER_RANGE; ports.length < count; left--) {
    if (left === 0) throw new Error(`no ${count} ports from ${first} to ${first + PORTS_PER_RANGE - 1} are free`);
    const port = first + (tried++ % PORTS_PER_RANGE);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
