import type { RequiredVersions, Source, StreamPosition } from '@activity-feed/contracts';
import { SilentSources } from './silent-sources';
import { UnverifiedVersion } from './unverified-version';
import { notAwaited, waitingReads } from './waiting-metrics';

/**
 * Reads of one process that wait at a time, whatever they wait for. Far below the calls that a connection of the link
 * carries: reads that wait for nothing must have room beside them.
 */
export const WAITING_READS = 256;

/** How many reads wait, counted for all of a process together. */
export class WaitingPlaces {
  private taken = 0;

  constructor(private readonly limit = WAITING_READS) {}

  /** False when there is none left. */
  take(): boolean {
    if (this.taken >= this.limit) return false;
    this.taken++;
    waitingReads.set(this.taken);
    return true;
  }

  leave(): void {
    this.taken--;
    waitingReads.set(this.taken);
  }
}

export interface WaitingReadsOptions {
  places: WaitingPlaces;
  /** Whether nothing can arrive at present, as far as that is known. */
  isStalled?(): boolean;
}

/** A read that waits. */
export interface WaitingRead {
  /** Says which positions are still missing at the wait's end. */
  end(missing: readonly StreamPosition[]): void;
}

/** Decides which reads wait for what they must show. */
export class WaitingReads {
  private readonly sources = new SilentSources();

  constructor(private readonly options: WaitingReadsOptions) {}

  /** Says that something of `source` arrived. */
  arrived(source: Source): void {
    this.sources.arrived(source);
  }

  /**
   * Begins the wait for `missing`; undefined when it would be in vain or one too many, and the read is answered as things
   * stand. Throws UnverifiedVersion.
   */
  begin(missing: readonly StreamPosition[], { unverified = [] }: RequiredVersions): WaitingRead | undefined {
    if (missing.some((position) => unverified.some((other) => isSame(position, other)))) throw new UnverifiedVersion();
    const { places, isStalled } = this.options;
    if (isStalled?.()) return refused('standstill');
    if (!places.take()) return refused('limit');
    const wait = this.sources.begin(sourcesOf(missing));
    if (!wait) {
      places.leave();
      return refused('standstill');
    }
    return {
      end: (stillMissing) => {
        places.leave();
        wait.end(sourcesOf(stillMissing));
        if (stillMissing.length > 0) notAwaited.inc({ reason: 'time' });
      },
    };
  }
}

function refused(reason: 'standstill' | 'limit'): undefined {
  notAwaited.inc({ reason });
}

const sourcesOf = (positions: readonly StreamPosition[]) => [...new Set(positions.map(({ source }) => source))];

const isSame = (one: StreamPosition, other: StreamPosition) =>
  one.source === other.source && one.stream === other.stream && one.version === other.version;
