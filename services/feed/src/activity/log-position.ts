import { SOURCES, type Source } from '@activity-feed/contracts';

/** Where an event lies in the log. */
export interface LogPlace {
  source: Source;
  partition: number;
  offset: number;
}

/** The next offsets of each source's partitions, by number: everything before them. */
export type LogPosition = Readonly<Record<Source, readonly number[]>>;

/** The first byte: the way in which the others are written. */
const VERSION = 1;
/** Partitions of a topic, and bytes of a number, beyond which the text was not written by {@link encodeLogPosition}. */
const PARTITIONS_MAX = 10_000;
const BYTES_MAX = 8;

/** Whether the event lies before the position. Events without a place are of earlier versions, and before everything. */
export function isBefore(place: LogPlace | undefined, position: LogPosition): boolean {
  return !place || place.offset < (position[place.source][place.partition] ?? 0);
}

/** Base64url of the offsets as LEB128 numbers, each topic's after the number of its partitions. */
export function encodeLogPosition(position: LogPosition): string {
  const bytes = [VERSION];
  const add = (value: number) => {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  };
  for (const source of SOURCES) {
    add(position[source].length);
    for (const offset of position[source]) add(offset);
  }
  return Buffer.from(bytes).toString('base64url');
}

/** Undefined if the text is no position. */
export function decodeLogPosition(text: string): LogPosition | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  let at = 1;
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
  const position = {} as Record<Source, number[]>;
  for (const source of SOURCES) {
    const count = read();
    if (!(count <= PARTITIONS_MAX)) return undefined;
    position[source] = Array.from({ length: count }, read);
  }
  const isWhole = bytes[0] === VERSION && at === bytes.length;
  return isWhole && SOURCES.every((source) => position[source].every(Number.isSafeInteger)) ? position : undefined;
}
