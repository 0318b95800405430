import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate as turnEnd } from 'node:timers/promises';
import fc from 'fast-check';
import { FrameReader } from './frame-reader';
import { TurnWriter } from './turn-writer';

/** A socket that completes its writes at once or on request; until then their bytes must not change. */
function record({ passOn }: { passOn: 'at once' | 'when told' } = { passOn: 'at once' }) {
  const writes: Buffer[] = [];
  const memory = new Set<ArrayBufferLike>();
  let pass: (() => void) | undefined;
  const take = (parts: Buffer[], done: () => void) => {
    for (const { buffer } of parts) memory.add(buffer);
    pass = () => {
      pass = undefined;
      writes.push(Buffer.concat(parts));
      done();
    };
    if (passOn === 'at once') pass();
  };
  const socket = new Writable({
    write: (chunk, _, done) => take([chunk], done),
    writev: (chunks, done) =>
      take(
        chunks.map(({ chunk }) => chunk),
        done,
      ),
  });
  return {
    writes,
    memory,
    socket: socket as Socket,
    pass: () => pass?.(),
    get pending() {
      return pass !== undefined;
    },
  };
}

function framesOf(writes: Buffer[]): { id: number; payload: Buffer }[] {
  const frames: { id: number; payload: Buffer }[] = [];
  const reader = new FrameReader(2_000_000, (id, _, payload) => frames.push({ id, payload }));
  for (const write of writes) reader.push(write);
  return frames;
}

/** Compares the payloads. `toEqual` takes seconds for megabytes. */
const intact = (received: Buffer[], sent: Buffer[]) =>
  received.length === sent.length && received.every((payload, index) => payload.equals(sent[index] as Buffer));

const payloadsOf = (writes: Buffer[]) => framesOf(writes).map(({ payload }) => payload);

describe('TurnWriter', () => {
  it('writes the frames of one turn together, including long payloads', async () => {
    const { writes, socket } = record();
    const writer = new TurnWriter(socket);
    const payloads = [0, 10, 300_000, 2048, 262_135, 262_136].map((length) => Buffer.alloc(length, length));
    for (const [id, payload] of payloads.entries()) writer.add(id, 3, payload);
    expect(writes).toEqual([]);
    await turnEnd();
    expect(writes).toHaveLength(1);
    expect(intact(payloadsOf(writes), payloads)).toBe(true);
  });

  it('copies short and long payloads immediately', async () => {
    const { writes, socket } = record();
    const writer = new TurnWriter(socket);
    const payloads = [10, 100_000, 300_000].map((length) => Buffer.alloc(length, 'as it was'));
    const copies = payloads.map((payload) => Buffer.from(payload));
    for (const [id, payload] of payloads.entries()) {
      writer.add(id, 3, payload);
      payload.fill('overwritten');
    }
    await turnEnd();
    expect(intact(payloadsOf(writes), copies)).toBe(true);
  });

  it('reuses its memory', async () => {
    const { writes, memory, socket } = record();
    const writer = new TurnWriter(socket);
    for (let turn = 0; turn < 100; turn++) {
      writer.add(turn, 0, Buffer.alloc(10_000));
      await turnEnd();
    }
    expect(writes).toHaveLength(100);
    expect(memory.size).toBeLessThanOrEqual(2);
  });

  it('does not overwrite pending data of any connection', async () => {
    const anyTurn = fc.record({
      connection: fc.nat(2),
      lengths: fc.array(fc.oneof(fc.nat(5_000), fc.nat(300_000)), { minLength: 1, maxLength: 3 }),
      passed: fc.array(fc.nat(2), { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyTurn, { maxLength: 40 }), async (turns) => {
        const sockets = [0, 1, 2].map(() => record({ passOn: 'when told' }));
        const writers = sockets.map(({ socket }) => new TurnWriter(socket));
        const sent: Buffer[][] = [[], [], []];
        for (const [turn, { connection, lengths, passed }] of turns.entries()) {
          for (const length of lengths) {
            const payload = Buffer.alloc(length, `${connection} ${turn} ${length} `);
            sent[connection]?.push(payload);
            writers[connection]?.add(turn, 0, payload);
          }
          await turnEnd();
          for (const index of passed) sockets[index]?.pass();
        }
        for (const [index, socket] of sockets.entries()) {
          for (await turnEnd(); socket.pending; await turnEnd()) socket.pass();
          expect(intact(payloadsOf(socket.writes), sent[index] as Buffer[])).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('collects frames of several turns while a write is in progress', async () => {
    const slow = record({ passOn: 'when told' });
    const writer = new TurnWriter(slow.socket);
    for (let turn = 0; turn < 100; turn++) {
      writer.add(turn, 0, Buffer.alloc(1_000));
      await turnEnd();
    }
    expect(writer.bytes + slow.socket.writableLength).toBe(100 * 1_009);
    for (; slow.pending; await turnEnd()) slow.pass();
    expect(slow.writes).toHaveLength(2);
    expect(slow.memory.size).toBe(2);
    expect(framesOf(slow.writes).map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, id) => id));
  });

  it('drops frames for a closed connection', async () => {
    const { writes, socket } = record();
    const writer = new TurnWriter(socket);
    writer.add(1, 0, Buffer.from('late'));
    socket.destroy();
    await turnEnd();
    expect([writes, writer.bytes]).toEqual([[], 0]);
  });
});
