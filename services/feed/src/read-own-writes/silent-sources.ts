import type { Source } from '@activity-feed/contracts';

export interface SourceWait {
  end(missed: readonly Source[]): void;
}

/**
 * Detects silent sources: a wait for the source timed out, and none of its events arrived during that wait. Until an event
 * arrives, further waits would time out too, so only one read at a time waits for a silent source.
 */
export class SilentSources {
  private readonly arrivals = new Map<Source, number>();
  private readonly silent = new Set<Source>();
  private readonly probed = new Set<Source>();

  arrived(source: Source): void {
    this.arrivals.set(source, this.arrivalsOf(source) + 1);
    this.silent.delete(source);
  }

  /** Undefined if one of `sources` is silent and another read already waits for it. */
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
