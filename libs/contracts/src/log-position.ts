import { z } from 'zod';
import { GENERATION } from './generation';
import { EVENT_SOURCES, type EventSource } from './topics';

/** Where an event lies in the log. */
export interface LogPlace {
  source: EventSource;
  partition: number;
  offset: number;
}

/** The next offsets of each source's partitions, by number: everything before them. */
export type LogPosition = Readonly<Record<EventSource, readonly number[]>>;

/** Partitions of a topic, and bytes of a number, beyond which the text was not written by {@link encodeLogPosition}. */
const PARTITIONS_MAX = 10_000;
const BYTES_MAX = 8;

/** How positions are written: see {@link encodeLogPosition}. */
export const LogPositionText = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** Before everything. */
export const LOG_START: LogPosition = { 'social-graph': [], activity: [], 'social-graph-private': [] };

/** The least position that has all that one of the two has. */
export function laterPosition(a: LogPosition, b: LogPosition): LogPosition {
  const laterOf = (one: readonly number[], other: readonly number[]) =>
    Array.from({ length: Math.max(one.length, other.length) }, (_, partition) =>
      Math.max(one[partition] ?? 0, other[partition] ?? 0),
    );
  return Object.fromEntries(
    EVENT_SOURCES.map((source) => [source, laterOf(a[source], b[source])]),
  ) as unknown as LogPosition;
}

/** What `position` has and `base` has not: its offsets where they are higher, and 0 elsewhere. Undefined if that is nothing. */
export function positionBeyond(position: LogPosition, base: LogPosition): LogPosition | undefined {
  const beyond = EVENT_SOURCES.map((source) => {
    const offsets = position[source].map((offset, partition) => (offset > (base[source][partition] ?? 0) ? offset : 0));
    return [source, offsets.slice(0, offsets.findLastIndex((offset) => offset > 0) + 1)] as const;
  });
  const isNothing = beyond.every(([, offsets]) => offsets.length === 0);
  return isNothing ? undefined : (Object.fromEntries(beyond) as unknown as LogPosition);
}

/** Whether `position` has all that `other` has. */
export const hasAll = (position: LogPosition, other: LogPosition): boolean =>
  EVENT_SOURCES.every((source) =>
    other[source].every((offset, partition) => offset <= (position[source][partition] ?? 0)),
  );

/** Whether the event lies before the position. Events without a place are of earlier versions, and before everything. */
export function isInLog(place: LogPlace | undefined, position: LogPosition): boolean {
  return !place || place.offset < (position[place.source][place.partition] ?? 0);
}

/**
 * Base64url of LEB128 numbers: the generation of the log, and the offsets of each topic after the number of its partitions.
 */
export function encodeLogPosition(position: LogPosition): string {
  const bytes: number[] = [];
  const add = (value: number) => {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  };
  add(GENERATION);
  for (const source of EVENT_SOURCES) {
    add(position[source].length);
    for (const offset of position[source]) add(offset);
  }
  return Buffer.from(bytes).toString('base64url');
}

/** Undefined if the text is no position, or one of another generation of the log. */
export function decodeLogPosition(text: string): LogPosition | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let place = 0; place < BYTES_MAX; place++) {
      const byte = bytes[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  if (read() !== GENERATION) return undefined;
  const position = {} as Record<EventSource, number[]>;
  for (const source of EVENT_SOURCES) {
    const count = read();
    if (!(count <= PARTITIONS_MAX)) return undefined;
    position[source] = Array.from({ length: count }, read);
  }
  const isWhole = at === bytes.length;
  return isWhole && EVENT_SOURCES.every((source) => position[source].every(Number.isSafeInteger))
    ? position
    : undefined;
}
