import type { Microseconds } from '@activity-feed/contracts';

/** Streams noted at most, about 10 MB. With more, each stream counts as noted. */
const MOST_STREAMS = 100_000;

/**
 * Milliseconds for which written notes are kept: longer than the answers in Redis that were computed before the database
 * had the events, 30 s and the time of computing them.
 */
const KEPT = 45_000;

const EVER = Number.NEGATIVE_INFINITY as Microseconds;

interface Noted {
  readonly version: number;
  /** The earliest time of what was taken back. */
  readonly from: Microseconds;
}

const ANY: Noted = { version: Number.POSITIVE_INFINITY, from: EVER };

export interface TakenBackNotes {
  /** By user number. */
  readonly streams: Map<number, Noted>;
  isOfAll: boolean;
  /** When the database was found to have all of these events, by performance.now. */
  writtenAt?: number;
}

const noNotes = (): TakenBackNotes => ({ streams: new Map(), isOfAll: false });

/**
 * The streams in which something was taken back that the database, or answers kept from earlier, may still have.
 * Memory itself no longer has it.
 */
export class TakenBackStreams {
  private latest = noNotes();
  private earlier: TakenBackNotes[] = [];

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly most = MOST_STREAMS,
  ) {}

  /** Notes that the event `version` of a stream takes back activities, the earliest of which is from the time `from`. */
  note(user: number, version: number, from: Microseconds): void {
    const { latest } = this;
    if (latest.isOfAll) return;
    const known = latest.streams.get(user);
    latest.streams.set(user, { version, from: known && known.from < from ? known.from : from });
    if (this.count <= this.most) return;
    latest.streams.clear();
    latest.isOfAll = true;
  }

  /** Notes that memory was loaded from the database: kept answers may be older. */
  noteLoaded(): void {
    this.earlier.push({ ...noNotes(), isOfAll: true, writtenAt: this.now() });
  }

  /** The latest noted event of a stream that took back activities before `before`. `isWritten`: the database has it. */
  latestOf(user: number, before: Microseconds): { version: number; isWritten: boolean } | undefined {
    let version = 0;
    let isWritten = true;
    for (const notes of [this.latest, ...this.earlier]) {
      const noted = notes.isOfAll ? ANY : notes.streams.get(user);
      if (!noted || noted.from >= before) continue;
      version = Math.max(version, noted.version);
      isWritten &&= notes.writtenAt !== undefined;
    }
    return version === 0 ? undefined : { version, isWritten };
  }

  get isEmpty(): boolean {
    return this.earlier.length === 0 && this.latest.streams.size === 0 && !this.latest.isOfAll;
  }

  /** Ends the latest notes, so that they can be found to be written. Undefined if there are none. */
  endNotes(): TakenBackNotes | undefined {
    const { latest } = this;
    if (latest.streams.size === 0 && !latest.isOfAll) return undefined;
    this.earlier.push(latest);
    this.latest = noNotes();
    return latest;
  }

  /** Notes that the database has all events of `notes`. */
  written(notes: TakenBackNotes): void {
    notes.writtenAt = this.now();
  }

  forgetOld(): void {
    const since = this.now() - KEPT;
    this.earlier = this.earlier.filter(({ writtenAt }) => writtenAt === undefined || writtenAt > since);
  }

  private get count(): number {
    return this.earlier.reduce((sum, { streams }) => sum + streams.size, this.latest.streams.size);
  }
}
