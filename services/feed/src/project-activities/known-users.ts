import type { User } from '@activity-feed/contracts';
import type { Effects } from '../activity/effects';

const MOST = 1_000_000;

/**
 * Users whose names this process has written. Every event carries its users' names; without this set, each event would
 * write them again.
 */
export class KnownUsers {
  private readonly ids = new Set<number>();

  without(users: readonly User[]): User[] {
    const unknown = new Map(users.filter(({ id }) => !this.ids.has(id)).map((user) => [user.id, user]));
    return [...unknown.values()];
  }

  /** To be called after the effects are committed. */
  add(effects: readonly Effects[]): void {
    if (this.ids.size > MOST) this.ids.clear();
    for (const { users } of effects) for (const { id } of users) this.ids.add(id);
  }

  /** To be called if the database may have been restored to an earlier state. */
  forget(): void {
    this.ids.clear();
  }
}
