import { setImmediate as turnEnd } from 'node:timers/promises';
import fc from 'fast-check';
import { endAll, link, serve, until } from '../test/loopback';
import { ModelledStreams } from '../test/modelled-streams';
import { relay } from '../test/relay';

const anyStep = fc.record({
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant('send') },
    { weight: 2, arbitrary: fc.constantFrom('subscribe', 'call', 'turn') },
    { weight: 1, arbitrary: fc.constantFrom('unsubscribe', 'end', 'settle') },
  ),
  /** Chooses one of the subscriptions so far. */
  of: fc.nat(1_000),
  length: fc.nat(300),
});
const anyLengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 10 });

afterEach(endAll);

async function connected(lengths: number[]) {
  const streams = new ModelledStreams();
  const { port, server } = await serve(streams.handler, { subscribe: streams.subscribe });
  const between = await relay(port, lengths);
  const client = link(between.port, { deadline: 10_000 });
  const finish = {
    CLOSED: () => client.close(),
    DISCONNECTED: () => between.breakAll(),
    CLOSING: () => server.close(),
  };
  return { streams, server, client, finish };
}

describe('subscriptions, whatever both sides do and however the data is split', () => {
  it('receive what was sent, in order and once, until either side ends them', async () => {
    const lasts = fc.constantFrom('CLOSED' as const, 'DISCONNECTED' as const, 'CLOSING' as const);
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 100 }), anyLengths, lasts, async (steps, lengths, last) => {
        const { streams, server, client, finish } = await connected(lengths);
        const calls: Promise<void>[] = [];
        for (const { what, of, length } of steps) {
          const chosen = streams.all[of % streams.all.length];
          if (what === 'subscribe') streams.begin(client);
          else if (what === 'send') chosen?.send(length);
          else if (what === 'end') chosen?.end();
          else if (what === 'unsubscribe') chosen?.unsubscribe();
          else if (what === 'turn') await turnEnd();
          else if (what === 'call') calls.push(streams.call(client));
          else await streams.call(client);
          for (const stream of streams.all) stream.check();
        }
        await Promise.all(calls);
        await streams.call(client);
        for (const stream of streams.all) stream.checkSettled();
        const open = streams.all.filter((stream) => stream.open);
        expect([server.subscriptions, client.subscriptions]).toEqual([open.length, open.length]);

        finish[last]();
        await until(() => server.subscriptions + client.subscriptions === 0, 'all are over');
        const code = last === 'CLOSED' ? 'CLOSED' : 'DISCONNECTED';
        expect(open.map(({ subscriber, stops }) => [stops, subscriber.ends])).toMatchObject(
          open.map(() => [1, [{ code }]]),
        );
        for (const stream of streams.all) if (!open.includes(stream)) stream.checkSettled();
        await endAll();
      }),
      { numRuns: 60 },
    );
  });
});
