import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate as turnEnd } from 'node:timers/promises';
import { FrameReader } from './frame-reader';
import { TurnWriter } from './turn-writer';

function record() {
  const writes: Buffer[] = [];
  const socket = new Writable({
    write(chunk, _, done) {
      writes.push(chunk);
      done();
    },
    writev(chunks, done) {
      writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)));
      done();
    },
  });
  return { writes, socket: socket as Socket };
}

describe('TurnWriter', () => {
  it('writes the frames of one turn at once, long payloads among them', async () => {
    const { writes, socket } = record();
    const writer = new TurnWriter(socket);
    const payloads = [0, 10, 100_000, 2048, 2049].map((length) => Buffer.alloc(length, length));
    for (const [id, payload] of payloads.entries()) writer.add(id, 3, payload);
    expect(writes).toEqual([]);
    await turnEnd();
    expect(writes).toHaveLength(1);
    const read: Buffer[] = [];
    new FrameReader(200_000, (_, __, payload) => read.push(payload)).push(writes[0] as Buffer);
    expect(read).toEqual(payloads);
  });

  it('drops what was meant for a connection that is gone', async () => {
    const { writes, socket } = record();
    const writer = new TurnWriter(socket);
    writer.add(1, 0, Buffer.from('late'));
    socket.destroy();
    await turnEnd();
    expect([writes, writer.bytes]).toEqual([[], 0]);
  });
});
