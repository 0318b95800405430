import type { Source } from '@activity-feed/contracts';

export interface SourceWait {
  /** Says which of its sources the wait has still missed something of at its end. */
  end(missed: readonly Source[]): void;
}

/**
 * Sources that are silent: a wait for one has run out, and nothing of it has arrived since that wait began. Until
 * something does, waits for it would run out too, so that one at a time is enough to find out.
 */
export class SilentSources {
  /** How often something arrived of each source. */
  private readonly arrivals = new Map<Source, number>();
  private readonly silent = new Set<Source>();
  private readonly probed = new Set<Source>();

  arrived(source: Source): void {
    this.arrivals.set(source, this.arrivalsOf(source) + 1);
    this.silent.delete(source);
  }

  /** Undefined when one of `sources` is silent and being waited for already. */
  begin(sources: readonly Source[]): SourceWait | undefined {
    const probing = sources.filter((source) => this.silent.has(source));
    if (probing.some((source) => this.probed.has(source))) return undefined;
    for (const source of probing) this.probed.add(source);
    const before = new Map(sources.map((source) => [source, this.arrivalsOf(source)]));
    return {
      end: (missed) => {
        for (const source of probing) this.probed.delete(source);
        for (const source of missed) if (this.arrivalsOf(source) === before.get(source)) this.silent.add(source);
      },
    };
  }

  private arrivalsOf(source: Source): number {
    return this.arrivals.get(source) ?? 0;
  }
}
