import type { Socket } from 'node:net';
import { encodeFrame } from '../src/frame';
import { FrameReader } from '../src/frame-reader';
import { PREAMBLE } from '../src/preamble';
import { stranger } from './loopback';

const NOTHING = Buffer.alloc(0);

/** A client that does not read until it is resumed. */
export async function slowClient(port: number) {
  const socket = await stranger(port);
  socket.pause();
  socket.write(PREAMBLE);
  const answers: { id: number; status: number; length: number }[] = [];
  const payloads: Buffer[] = [];
  const reader = new FrameReader(8_000_000, (id, status, payload) => {
    answers.push({ id, status, length: payload.length });
    payloads.push(payload);
  });
  socket.on('data', (chunk) => reader.push(chunk));
  socket.pause();
  const ask = (ids: Iterable<number>) => socket.write(Buffer.concat([...ids].map((id) => encodeFrame(id, 0, NOTHING))));
  return { socket, answers, payloads, ask };
}

export function* range(from: number, to: number): Generator<number> {
  for (let id = from; id <= to; id++) yield id;
}

/** Resolves when the connection is closed, be it by a reset: that follows if the other side had unread data. */
export const ended = async (socket: Socket) => {
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
};
