/**
 * Milliseconds for the parts of a shutdown, which run in sequence. A server that does not answer by then is abandoned
 * and the process still exits cleanly: nothing acknowledged depends on it.
 */
export const STOP_LIMITS = {
  /** To finish requests and other work in progress. */
  finish: 2_500,
  /** To release servers: leave consumer groups, close connections. */
  release: 500,
  /** To finish requests in the gateway, which has nothing to release but waits for the services' answers. */
  requests: 3_200,
  /** For the whole shutdown; shorter than the supervisor waits before it kills the process. */
  whole: 3_500,
} as const;
