/** Kinds of requests whose number is limited for each user. */
export const USER_RATE_CLASSES = ['reads', 'writes', 'aggregates'] as const;
export type UserRateClass = (typeof USER_RATE_CLASSES)[number];

/** The highest limit. */
export const RATE_LIMIT_MAX = 1_000_000;

/** Requests per second; 0: no limit. */
export type RateLimits = Record<UserRateClass, number>;

/** What was set for a user. The defaults of the gateways apply to the rest. */
export type OwnRateLimits = Partial<RateLimits>;
