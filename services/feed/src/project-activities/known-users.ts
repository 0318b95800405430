import type { User } from '@activity-feed/contracts';
import type { Effects } from '../activity/effects';

const MOST = 1_000_000;

/**
 * Users whose names this process has written, so that they are not written again with each of their events: every event
 * carries its users' names, and nearly all of them are known.
 */
export class KnownUsers {
  private readonly ids = new Set<number>();

  /** Those of `users` who are not known, each once. */
  without(users: readonly User[]): User[] {
    const unknown = new Map(users.filter(({ id }) => !this.ids.has(id)).map((user) => [user.id, user]));
    return [...unknown.values()];
  }

  /** Remembers the users of effects that are committed. */
  add(effects: readonly Effects[]): void {
    if (this.ids.size > MOST) this.ids.clear();
    for (const { users } of effects) for (const { id } of users) this.ids.add(id);
  }

  /** When the database may not be the one that was written to. */
  forget(): void {
    this.ids.clear();
  }
}
