export interface User {
  readonly name: string;
  readonly key: string;
}

/** Two who have nothing to do with others: the author's posts are all that the follower sees. */
export interface Probe {
  readonly author: User;
  readonly follower: User;
}

export interface World {
  /** The busiest and most followed first. */
  readonly users: readonly User[];
  /** Objects that can be liked, e.g. `photo:21`. */
  readonly objects: readonly string[];
  /** Through which freshness is seen; with none it is not measured. */
  readonly probes: readonly Probe[];
}
