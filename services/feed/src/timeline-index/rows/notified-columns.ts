import { EVENT_SOURCES, type EventSource, type LogPlace, type LogPosition } from '@activity-feed/contracts';

const WORD = 2 ** 32;

// A place is two words: the offset's lowest 32 bits, and above them its others, the partition, the source and flags.
const OFFSET_BITS = 14;
const PARTITION_BITS = 12;
const PARTITION_SHIFT = OFFSET_BITS;
const SOURCE_SHIFT = PARTITION_SHIFT + PARTITION_BITS;
const OFFSET_MASK = 2 ** OFFSET_BITS - 1;
const PARTITION_MASK = 2 ** PARTITION_BITS - 1;
const SOURCE_MASK = 0b11;
/** The place is known. */
const KNOWN = 1 << (SOURCE_SHIFT + 2);
/** Of a follow or request: it does not hold any more. */
const ENDED = KNOWN << 1;

/**
 * What notifications need of the rows of a segment: the next older row that concerns the same user, and the place of each
 * row's event in the log. 12 bytes a row. Rows are numbered by their places in the segment.
 */
export class NotifiedColumns {
  private readonly olders: Uint32Array;
  private readonly places: Uint32Array;

  constructor(rows: number) {
    this.olders = new Uint32Array(rows);
    this.places = new Uint32Array(2 * rows);
  }

  get bytes(): number {
    return this.olders.byteLength + this.places.byteLength;
  }

  older(index: number): number {
    return this.olders[index] as number;
  }

  setOlder(index: number, row: number): void {
    this.olders[index] = row;
  }

  /** Undefined for events of earlier versions. */
  place(index: number): LogPlace | undefined {
    const high = this.places[2 * index + 1] as number;
    if ((high & KNOWN) === 0) return undefined;
    return {
      source: EVENT_SOURCES[(high >>> SOURCE_SHIFT) & SOURCE_MASK] as EventSource,
      partition: (high >>> PARTITION_SHIFT) & PARTITION_MASK,
      offset: (high & OFFSET_MASK) * WORD + (this.places[2 * index] as number),
    };
  }

  /** Whether the row's event lies before a position in the log. */
  isIn(index: number, position: LogPosition): boolean {
    const high = this.places[2 * index + 1] as number;
    if ((high & KNOWN) === 0) return true;
    const next = position[EVENT_SOURCES[(high >>> SOURCE_SHIFT) & SOURCE_MASK] as EventSource];
    const offset = (high & OFFSET_MASK) * WORD + (this.places[2 * index] as number);
    return offset < (next[(high >>> PARTITION_SHIFT) & PARTITION_MASK] ?? 0);
  }

  /** Partitions above {@link PARTITION_MASK} and offsets of more than 46 bits cannot be kept: the place is then unknown. */
  setPlace(index: number, { source, partition, offset }: LogPlace): void {
    const high = Math.floor(offset / WORD);
    if (partition > PARTITION_MASK || high > OFFSET_MASK) return;
    this.places[2 * index] = offset % WORD;
    this.places[2 * index + 1] =
      high | (partition << PARTITION_SHIFT) | (EVENT_SOURCES.indexOf(source) << SOURCE_SHIFT) | KNOWN;
  }

  hasEnded(index: number): boolean {
    return ((this.places[2 * index + 1] as number) & ENDED) !== 0;
  }

  setEnded(index: number, ended: boolean): void {
    const word = this.places[2 * index + 1] as number;
    this.places[2 * index + 1] = ended ? word | ENDED : word & ~ENDED;
  }
}
