import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Worker } from 'node:worker_threads';
import {
  type Answer,
  type ClockReading,
  type Deadline,
  FindOutcome,
  type Message,
  message,
  type UserId,
} from '@activity-feed/contracts';
import { ServerTCP } from '@nestjs/microservices';
import { Services } from './services';

interface Command {
  name: string;
  deadline?: Deadline;
}

const Do: Message<Command, Answer<string>> = message('activity.do');

/** A service that answers commands by `answer`, and a client for it. */
async function serve(answer: (command: Command) => Answer<string>) {
  const got: Command[] = [];
  const server = new ServerTCP({ host: '127.0.0.1', port: 0 });
  server.addHandler(Do.pattern, async (command: Command) => {
    got.push(command);
    return answer(command);
  });
  await new Promise((resolve) => server.listen(resolve));
  const { port } = server.unwrap<Server>().address() as AddressInfo;
  const address = { host: '127.0.0.1', port };
  const services = new Services({ SOCIAL_GRAPH_ADDRESS: address, ACTIVITY_ADDRESS: address });
  const close = () => {
    services.onApplicationShutdown();
    server.close();
  };
  return { got, services, close };
}

const Find: Message<object, Answer<string>> = message('activity.find');

/** A service whose answers to {@link Find} never end, and a client for it. */
async function serveEndlessQueries() {
  const server = createServer((socket) =>
    socket.on('data', (data) => {
      const [, text = ''] = /#(.*)/.exec(String(data)) ?? [];
      const { id, pattern } = JSON.parse(text);
      const answer = JSON.stringify({ id, response: { ok: true, value: 'done' }, isDisposed: true });
      socket.write(pattern === Find.pattern ? `${answer.length + 1}#${answer}` : `${answer.length}#${answer}`);
      if (pattern === Find.pattern) server.emit('asked');
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const services = new Services({ SOCIAL_GRAPH_ADDRESS: address, ACTIVITY_ADDRESS: address });
  const close = () => {
    services.onApplicationShutdown();
    server.close();
  };
  return { services, asked: once(server, 'asked'), close };
}

/** A service that answers even while this thread is blocked. */
async function serveFromAnotherThread(): Promise<number> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer((socket) => socket.on('data', (data) => {
      const { id } = JSON.parse(String(data).slice(String(data).indexOf('#') + 1));
      const text = JSON.stringify({ id, response: { ok: true, value: 'done' }, isDisposed: true });
      socket.write(text.length + '#' + text);
    }));
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  worker.unref();
  const [port] = await once(worker, 'message');
  return port;
}

describe('a command to a service', () => {
  /** A reading of the service's clock, which differs from this process's. */
  const clock = (instance: string): ClockReading => ({ instance, now: performance.now() - 1_000_000 });
  let instance: string;
  let carriedOut: string[];
  let service: Awaited<ReturnType<typeof serve>>;

  const withClock = ({ name, deadline }: Command): Answer<string> => {
    if (deadline?.instance !== instance) return { ok: false, code: 'SERVICE_UNAVAILABLE', clock: clock(instance) };
    carriedOut.push(name);
    return { ok: true, value: name };
  };
  const send = async (name: string) => (await service.services.command(Do, { name })).value;

  beforeEach(() => {
    instance = 'a';
    carriedOut = [];
  });
  afterEach(() => service.close());

  it('has a deadline by the service’s clock that is earlier than the timeout of its answer', async () => {
    service = await serve(withClock);
    expect(await send('first')).toBe('first');
    const before = clock('a').now;
    expect(await send('second')).toBe('second');
    expect(carriedOut).toEqual(['first', 'second']);
    // The first was sent twice to read the clock; on a busy machine, where that was slow, the second too.
    expect([3, 4]).toContain(service.got.length);
    const after = clock('a').now;
    const { at = 0 } = service.got.at(-1)?.deadline ?? {};
    expect(at - before).toBeGreaterThan(2_000);
    expect(at - after).toBeLessThan(3_000);
  });

  it('is sent again when another instance with another clock answers', async () => {
    service = await serve(withClock);
    await send('first');
    instance = 'b';
    expect(await send('second')).toBe('second');
    expect(carriedOut).toEqual(['first', 'second']);
  });

  it('is carried out by a service that does not support deadlines', async () => {
    service = await serve(({ name }) => ({ ok: true, value: name }));
    expect(await send('first')).toBe('first');
    expect(service.got).toHaveLength(1);
  });

  it('gets its answer even when this process was blocked until after the timeout', async () => {
    const address = { host: '127.0.0.1', port: await serveFromAnotherThread() };
    const services = new Services({ SOCIAL_GRAPH_ADDRESS: address, ACTIVITY_ADDRESS: address });
    service = { got: [], services, close: () => services.onApplicationShutdown() };
    expect(await send('first')).toBe('done');
    const answering = send('second');
    // Sent in the next turn, and answered while this thread is blocked.
    setImmediate(() => {
      for (const start = performance.now(); performance.now() - start < 3_200; );
    });
    expect(await answering).toBe('done');
  });

  it('does not wait behind the answer to a query', async () => {
    const { services, asked, close } = await serveEndlessQueries();
    const query = services.ask(Find, {}).catch((error) => error);
    await asked;
    const answer = await services.command(Do, { name: 'first' }).finally(close);
    expect(answer.value).toBe('done');
    await query;
  });

  it('fails as if the service were down if it does not know the message', async () => {
    service = await serve(withClock);
    const kept = service.services.ask(FindOutcome.activity, { caller: 1 as UserId, key: '' });
    await expect(kept).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('returns whether the answer is that of an earlier command', async () => {
    service = await serve(({ name }) => ({ ok: true, value: name, ...(name === 'again' && { replayed: true }) }));
    expect((await service.services.command(Do, { name: 'first' })).replayed).toBeUndefined();
    expect((await service.services.command(Do, { name: 'again' })).replayed).toBe(true);
  });

  it('fails with the service’s error code, and is not sent again', async () => {
    service = await serve(() => ({ ok: false, code: 'SERVICE_UNAVAILABLE' }));
    await expect(send('first')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(service.got).toHaveLength(1);
  });
});
