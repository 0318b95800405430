import { FOLLOWERS } from './section.ts';

/** A post that was answered. */
export interface Written {
  /** The object's id. */
  readonly object: number;
  /** When it was answered, by performance.now. */
  readonly at: number;
  /** The numbers of the streams that it concerns. */
  readonly streams: readonly number[];
}

/** An entry that has arrived on a stream. */
export interface Received {
  readonly object: number;
  readonly at: number;
  /** The number of the stream. */
  readonly stream: number;
}

/**
 * Milliseconds from the answers to posts until they were received; 0 if that was before. Throws unless each stream has received
 * each post that concerns it exactly once, and no other.
 */
export function delaysOf(written: readonly Written[], received: readonly Received[]): number[] {
  if (written.length === 0 || written.some(({ streams }) => streams.length !== FOLLOWERS)) {
    throw new Error(`every post must concern ${FOLLOWERS} streams, and there must be one`);
  }
  const answered = new Map(
    written.flatMap(({ object, at, streams }) => streams.map((stream) => [nameOf(object, stream), at])),
  );
  const arrived = new Set<string>();
  const wrong: string[] = [];
  const delays: number[] = [];
  for (const { object, stream, at } of received) {
    const name = nameOf(object, stream);
    const answeredAt = answered.get(name);
    if (answeredAt === undefined) wrong.push(`${name} is received but not expected`);
    else if (arrived.has(name)) wrong.push(`${name} is received again`);
    else delays.push(Math.max(0, at - answeredAt));
    arrived.add(name);
  }
  for (const name of answered.keys()) if (!arrived.has(name)) wrong.push(`${name} is missing`);
  if (wrong.length > 0) throw new Error(`${wrong.length} deliveries are wrong; the first: ${wrong[0]}`);
  return delays;
}

const nameOf = (object: number, stream: number) => `post ${object} on stream ${stream}`;
