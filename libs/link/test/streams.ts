import type { Socket } from 'node:net';
import { encodeFrame } from '../src/frame';
import { FrameReader } from '../src/frame-reader';
import type { Answer } from '../src/link';
import type { LinkError } from '../src/link-error';
import type { Handler, LinkServerOptions, Publisher, SubscribeHandler } from '../src/link-server';
import { PREAMBLE } from '../src/preamble';
import { serve, serveRaw, until } from './loopback';
import { range, slowClient } from './slow-client';

/** The operation of the subscriptions. */
export const STREAM = 130;

export const ECHO: Handler = (operation, payload) => ({ status: operation, payload });
export const NOTHING = Buffer.alloc(0);

export interface Stream {
  operation: number;
  text: string;
  publisher: Publisher;
  /** How often the handler's function was called. */
  stops: number;
}

/** A handler that leaves its subscriptions open, and what it was asked for. */
export function streams() {
  const begun: Stream[] = [];
  const subscribe: SubscribeHandler = (operation, payload, publisher) => {
    const stream = { operation, text: payload.toString(), publisher, stops: 0 };
    begun.push(stream);
    return () => {
      stream.stops++;
    };
  };
  return { begun, subscribe };
}

/** A subscriber that records what it receives. */
export function recorder() {
  const messages: string[] = [];
  const ends: (Answer | LinkError)[] = [];
  return {
    messages,
    ends,
    message: (payload: string) => {
      messages.push(payload);
    },
    ended: (end: Answer | LinkError) => {
      ends.push(end);
    },
  };
}

/** A raw client that reads, and has begun subscriptions with these ids. */
export async function clientOf(port: number, ids: Iterable<number> = []) {
  const client = await slowClient(port);
  client.socket.resume();
  const say = (id: number, operation: number) => client.socket.write(encodeFrame(id, operation, NOTHING));
  for (const id of ids) say(id, STREAM);
  const received = () => client.answers.map(({ id, status }, index) => [id, status, String(client.payloads[index])]);
  return { ...client, say, received };
}

/** A server, and a raw client of it with the subscriptions 1 … `count`. */
export async function withStreams(count: number, options: LinkServerOptions = {}) {
  const { begun, subscribe } = streams();
  const { port, server } = await serve(ECHO, { subscribe, ...options });
  const client = await clientOf(port, range(1, count));
  await until(() => begun.length === count, 'the subscriptions have begun');
  return { begun, port, server, client };
}

/** A server that is not a `LinkServer`: it passes frames to `take` and sends what that returns. */
export async function serveFrames(take: (id: number, operation: number, socket: Socket) => Uint8Array | undefined) {
  const received: { id: number; operation: number }[] = [];
  const { port } = await serveRaw((socket) => {
    const reader = new FrameReader(64 * 1024, (id, operation) => {
      received.push({ id, operation });
      const said = take(id, operation, socket);
      if (said) socket.write(said);
    });
    socket.once('data', (first) => {
      reader.push(first.subarray(PREAMBLE.length));
      socket.on('data', (chunk) => reader.push(chunk));
    });
  });
  return { port, received };
}

/** A server without subscriptions: it answers every operation like a call. */
export const serveOld = (status: number, text: string) =>
  serveFrames((id) => encodeFrame(id, status, Buffer.from(text)));
