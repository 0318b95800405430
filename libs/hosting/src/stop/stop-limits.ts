/**
 * Milliseconds that the parts of a stop may take, one after the other. A server that does not answer is given up then,
 * and the process ends in order all the same: nothing that was acknowledged depends on it.
 */
export const STOP_LIMITS = {
  /** For answers, and for what else is under way. */
  finish: 2_500,
  /** For letting go of servers: leaving groups, ending connections. */
  release: 500,
  /** For the requests of a process that then has nothing to release, which wait for others' answers themselves. */
  requests: 3_200,
  /** For all of it: less than whoever runs the process waits before it kills it. Beyond that the fault is ours. */
  whole: 3_500,
} as const;
