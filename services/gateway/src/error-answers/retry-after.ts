const SHORTEST = 1;
const LONGEST = 3;

/**
 * A random number of seconds for the Retry-After header, so that clients that were refused together do not return
 * together.
 */
export const retryAfter = (chance: number = Math.random()): string =>
  String(SHORTEST + Math.floor(chance * (LONGEST - SHORTEST + 1)));
