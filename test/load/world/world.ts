export interface User {
  readonly name: string;
  readonly key: string;
}

/** Two users without other relations: the follower's feed shows only the author's posts. */
export interface Probe {
  readonly author: User;
  readonly follower: User;
}

export interface World {
  /** The most active and most followed users first. */
  readonly users: readonly User[];
  /** Objects that can be liked, e.g. `photo:21`. */
  readonly objects: readonly string[];
  /** For measuring freshness, which is skipped without probes. */
  readonly probes: readonly Probe[];
}
