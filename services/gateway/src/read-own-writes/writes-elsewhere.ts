import type { StreamPosition, UserId } from '@activity-feed/contracts';
import { LRUCache } from 'lru-cache';

/** Maximum users whose writes are kept. */
const KEPT_USERS = 10_000;
/** Maximum streams of a user's newest writes: every read of the user checks all of them. */
const KEPT_STREAMS = 20;

/**
 * The newest writes of each user to other users' streams: who deletes a comment on a photo of theirs writes to the stream
 * of its writer. Kept only in the memory of the gateways that have received them, as no service can be asked for them.
 */
export class WritesElsewhere {
  private readonly kept = new LRUCache<UserId, StreamPosition[]>({ max: KEPT_USERS });

  note(writer: UserId, position: StreamPosition): void {
    const { source, stream, version } = position;
    const isSame = (other: StreamPosition) => other.source === source && other.stream === stream;
    const known = this.kept.get(writer) ?? [];
    if (known.some((other) => isSame(other) && other.version >= version)) return;
    this.kept.set(writer, [position, ...known.filter((other) => !isSame(other))].slice(0, KEPT_STREAMS));
  }

  /** `own` with those of `writer`. */
  addTo(own: StreamPosition[], writer: UserId): StreamPosition[] {
    const elsewhere = this.kept.get(writer);
    return elsewhere ? [...own, ...elsewhere] : own;
  }
}
