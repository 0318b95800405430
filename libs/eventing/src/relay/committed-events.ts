import type { StoredEvent } from '@activity-feed/contracts';

export type Place = Pick<StoredEvent, 'stream' | 'version'>;

/** The events that this process has committed and a relay has not sent yet: the newest of each stream. */
export class CommittedEvents {
  private readonly newest = new Map<number, { version: number; at: number }>();

  get areSent(): boolean {
    return this.newest.size === 0;
  }

  /** `now`: by `performance.now()`. */
  add(events: Iterable<Place>, now = performance.now()): void {
    for (const { stream, version } of events) {
      const known = this.newest.get(stream)?.version ?? 0;
      if (version > known) this.newest.set(stream, { version, at: now });
    }
  }

  /** Versions of a stream are sent in their order. */
  noteSent(events: Iterable<Place>): void {
    for (const { stream, version } of events) {
      if (version >= (this.newest.get(stream)?.version ?? Number.POSITIVE_INFINITY)) this.newest.delete(stream);
    }
  }

  /** Forgets what was added before `until`: it may have been sent before it was added. */
  forgetOld(until: number): void {
    for (const [stream, { at }] of this.newest) if (at < until) this.newest.delete(stream);
  }

  forget(): void {
    this.newest.clear();
  }
}
