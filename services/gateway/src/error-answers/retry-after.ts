const SHORTEST = 1;
const LONGEST = 3;

/**
 * The seconds, as a header has them, after which a client may try again: not the same for all, or those that were
 * refused together would come back together.
 */
export const retryAfter = (chance: number = Math.random()): string =>
  String(SHORTEST + Math.floor(chance * (LONGEST - SHORTEST + 1)));
