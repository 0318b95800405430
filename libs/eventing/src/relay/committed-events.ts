import type { StoredEvent } from '@activity-feed/contracts';

export type Place = Pick<StoredEvent, 'stream' | 'version'>;

/** The events that this process has committed and a relay has not sent yet: the newest of each stream. */
export class CommittedEvents {
  private readonly newest = new Map<number, number>();

  get areSent(): boolean {
    return this.newest.size === 0;
  }

  add(events: Iterable<Place>): void {
    for (const { stream, version } of events) {
      this.newest.set(stream, Math.max(version, this.newest.get(stream) ?? 0));
    }
  }

  /** Versions of a stream are sent in their order. */
  noteSent(events: Iterable<Place>): void {
    for (const { stream, version } of events) {
      if (version >= (this.newest.get(stream) ?? Number.POSITIVE_INFINITY)) this.newest.delete(stream);
    }
  }

  forget(): void {
    this.newest.clear();
  }
}
