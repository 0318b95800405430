import type { StreamPosition, UserId } from '@activity-feed/contracts';
import { LRUCache } from 'lru-cache';

const KEPT = 10_000;
/** Milliseconds after a change during which all reads must show it. By then the feed has it, unless Kafka is down. */
const RECENT = 1_000;
/** Recent changes kept at most, as all reads must show them. */
const MOST_RECENT = 100;

/** Accounts that were made private or public, suspended or reinstated lately, and the positions of these writes. */
export class AccountChanges {
  private readonly kept = new LRUCache<UserId, StreamPosition>({ max: KEPT });
  /** Oldest first. */
  private readonly recent: { position: StreamPosition; until: number }[] = [];

  note(position: StreamPosition): void {
    if ((this.kept.get(position.stream)?.version ?? 0) >= position.version) return;
    this.kept.set(position.stream, position);
    this.recent.push({ position, until: performance.now() + RECENT });
    if (this.recent.length > MOST_RECENT) this.recent.shift();
  }

  /** Those of `users`, however old, and those of all others in the last second. */
  of(users: readonly UserId[]): StreamPosition[] {
    const now = performance.now();
    while (this.recent[0] && this.recent[0].until <= now) this.recent.shift();
    if (this.kept.size === 0) return NONE;
    const own = users.flatMap((user) => this.kept.get(user) ?? []);
    if (own.length + this.recent.length === 0) return NONE;
    return [...new Set([...own, ...this.recent.map(({ position }) => position)])];
  }
}

const NONE: StreamPosition[] = [];
