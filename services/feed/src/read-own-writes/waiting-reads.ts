import { type RequiredVersions, type Source, type StreamPosition, WAITING_READS } from '@activity-feed/contracts';
import { SilentSources } from './silent-sources';
import { UnverifiedVersion } from './unverified-version';
import { notAwaited, waitingReads } from './waiting-metrics';

/**
 * Slots for the waiting reads of a process: far fewer than concurrent calls on a connection of the link, so that waiting
 * reads leave room for the others.
 */
export class WaitSlots {
  private taken = 0;

  constructor(private readonly limit = WAITING_READS) {}

  acquire(): boolean {
    if (this.taken >= this.limit) return false;
    this.taken++;
    waitingReads.set(this.taken);
    return true;
  }

  release(): void {
    this.taken--;
    waitingReads.set(this.taken);
  }
}

export interface WaitingReadsOptions {
  slots: WaitSlots;
  /** Whether no events can arrive at present, as far as known. */
  isStalled?(): boolean;
}

export interface WaitingRead {
  end(missing: readonly StreamPosition[]): void;
}

export class WaitingReads {
  private readonly sources = new SilentSources();

  constructor(private readonly options: WaitingReadsOptions) {}

  /** To be called when events of `source` arrived. */
  arrived(source: Source): void {
    this.sources.arrived(source);
  }

  /**
   * Begins a wait. Undefined if it would be pointless or too many reads wait: the read is then answered without `missing`.
   * Throws UnverifiedVersion.
   */
  begin(missing: readonly StreamPosition[], { unverified = [] }: RequiredVersions): WaitingRead | undefined {
    if (missing.some((position) => unverified.some((other) => isSame(position, other)))) throw new UnverifiedVersion();
    const { slots, isStalled } = this.options;
    if (isStalled?.()) return refused('standstill');
    if (!slots.acquire()) return refused('limit');
    const wait = this.sources.begin(sourcesOf(missing));
    if (!wait) {
      slots.release();
      return refused('standstill');
    }
    return {
      end: (stillMissing) => {
        slots.release();
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
