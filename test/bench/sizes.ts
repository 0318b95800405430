/** The sizes of the measurements. */
export interface Sizes {
  readonly rounds: number;
  readonly world: { readonly users: number; readonly activities: number; readonly days: number };
  /** Whether benchmarks may use the shared world instead of a separate one. That changes their figures. */
  readonly oneWorld: boolean;
  /** Duration of one measurement of requests. */
  readonly seconds: number;
  readonly connections: number;
  /** For measuring pages under high concurrency. */
  readonly manyConnections: number;
  readonly readers: number;
  readonly deepPage: number;
  /** First-level comments on one object. */
  readonly comments: number;
  /** Events per round for relay and projector. */
  readonly events: number;
  readonly freshnessSeconds: number;
  readonly rates: readonly number[];
  /** The first rate of the search for the maximum. Without it, the first of `rates` is used. */
  readonly searchFrom: number | undefined;
  readonly followers: readonly number[];
  /** Requests a second by an author with many followers together with one of the followers. */
  readonly followersRate: number;
  readonly followees: readonly number[];
  readonly activities: readonly number[];
  readonly aggregates: {
    /** Its activities are copied until there are `activities`. */
    readonly world: Sizes['world'];
    readonly activities: number;
    readonly followees: readonly number[];
    /** Readers per number of followees. */
    readonly readers: number;
  };
  readonly index: { readonly activities: number; readonly authors: number; readonly followees: readonly number[] };
  readonly overload: {
    readonly world: Sizes['world'];
    /** The CPU limit of each service, as a share of a core. */
    readonly share: number;
    /** Requests a second that the system is assumed to sustain. Measured if undefined. */
    readonly knee: number | undefined;
    readonly kneeSeconds: number;
    readonly connections: number;
    /** The p99 in milliseconds that counts as normal. */
    readonly wellWithin: number;
    /** Seconds before each disturbance, of overload, of the frozen server, and after each disturbance. */
    readonly before: number;
    readonly overloaded: number;
    readonly frozen: number;
    readonly after: number;
    /** The number of reads that present the token of a write that never happens. */
    readonly tokens: number;
  };
  readonly fairness: {
    readonly world: Sizes['world'];
    /** Requests a second by other users. */
    readonly rate: number;
    /** Seconds of each turn, with and without the user beyond the limit, and the number of turns per round. */
    readonly seconds: number;
    readonly turns: number;
  };
  readonly crowd: {
    readonly world: Sizes['world'];
    /** The number of users that one reader follows. */
    readonly followees: number;
    /** Requests a second by other users. */
    readonly rate: number;
    /** Seconds of each turn, with and without the reader, and the number of turns per round. */
    readonly seconds: number;
    readonly turns: number;
  };
  readonly deletion: {
    readonly world: Sizes['world'];
    /** Likes of the deleted object. */
    readonly likes: number;
    /** Posts a second by other users, and for how many seconds, before and from the deletion on. */
    readonly rate: number;
    readonly seconds: number;
  };
  readonly streams: {
    /** Open streams, a multiple of the followers that each author has. */
    readonly count: number;
    /** Seconds in which the streams are idle. */
    readonly idleSeconds: number;
    /** Posts a second, each for as many seconds. */
    readonly rates: { readonly few: number; readonly many: number };
    readonly seconds: number;
  };
  readonly cost: {
    readonly world: Sizes['world'];
    /** Seconds without requests, with few writes, and with as many as possible. */
    readonly idle: number;
    readonly slow: number;
    readonly fast: number;
  };
  /** Whether to create the databases before measuring `npm start`. */
  readonly warmStart: boolean;
}

export const fullSizes: Sizes = {
  rounds: 3,
  world: { users: 10_000, activities: 1_000_000, days: 30 },
  oneWorld: false,
  seconds: 5,
  connections: 32,
  manyConnections: 128,
  readers: 20,
  deepPage: 100,
  comments: 10_000,
  events: 40_000,
  freshnessSeconds: 10,
  rates: [500, 1_000, 1_500, 5_000, 10_000],
  searchFrom: 400,
  followers: [10, 1_000, 100_000],
  followersRate: 100,
  followees: [50, 200, 1_000, 5_000],
  activities: [10_000, 100_000, 1_000_000, 10_000_000],
  aggregates: {
    world: { users: 10_000, activities: 100_000, days: 30 },
    activities: 10_000_000,
    followees: [50, 500, 5_000],
    readers: 3,
  },
  index: { activities: 10_000_000, authors: 1_000_000, followees: [50, 200, 1_000, 5_000] },
  overload: {
    world: { users: 2_000, activities: 50_000, days: 7 },
    share: 0.25,
    knee: undefined,
    kneeSeconds: 10,
    connections: 32,
    wellWithin: 500,
    before: 5,
    overloaded: 30,
    frozen: 10,
    after: 20,
    tokens: 2_000,
  },
  fairness: { world: { users: 2_000, activities: 50_000, days: 7 }, rate: 100, seconds: 5, turns: 4 },
  crowd: {
    world: { users: 2_000, activities: 50_000, days: 7 },
    followees: 1_000_000,
    rate: 100,
    seconds: 5,
    turns: 4,
  },
  deletion: { world: { users: 2_000, activities: 50_000, days: 7 }, likes: 100_000, rate: 50, seconds: 20 },
  cost: { world: { users: 2_000, activities: 50_000, days: 7 }, idle: 20, slow: 20, fast: 10 },
  streams: { count: 10_000, idleSeconds: 30, rates: { few: 20, many: 200 }, seconds: 20 },
  warmStart: true,
};

/** Just enough to check that each benchmark works. */
export const smokeSizes: Sizes = {
  rounds: 1,
  world: { users: 60, activities: 600, days: 2 },
  oneWorld: true,
  seconds: 0.2,
  connections: 4,
  manyConnections: 8,
  readers: 3,
  deepPage: 2,
  comments: 60,
  // More than the projector writes in its first transactions.
  events: 20_000,
  freshnessSeconds: 0.5,
  rates: [50],
  searchFrom: undefined,
  followers: [10, 100],
  followersRate: 50,
  followees: [5, 20],
  activities: [600],
  aggregates: {
    world: { users: 60, activities: 600, days: 2 },
    activities: 2_000,
    followees: [5, 20],
    readers: 2,
  },
  index: { activities: 20_000, authors: 2_000, followees: [50, 500] },
  overload: {
    world: { users: 60, activities: 600, days: 2 },
    share: 1,
    knee: 20,
    kneeSeconds: 0.2,
    connections: 4,
    // Generous: the machine may be busy.
    wellWithin: 5_000,
    before: 1,
    overloaded: 1,
    frozen: 1,
    after: 5,
    tokens: 50,
  },
  fairness: { world: { users: 60, activities: 600, days: 2 }, rate: 50, seconds: 0.5, turns: 2 },
  crowd: { world: { users: 60, activities: 600, days: 2 }, followees: 2_000, rate: 50, seconds: 0.5, turns: 2 },
  deletion: { world: { users: 60, activities: 600, days: 2 }, likes: 300, rate: 20, seconds: 0.5 },
  cost: { world: { users: 60, activities: 600, days: 2 }, idle: 1, slow: 1, fast: 0.5 },
  streams: { count: 200, idleSeconds: 1, rates: { few: 20, many: 50 }, seconds: 1 },
  warmStart: false,
};
