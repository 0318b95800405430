import type { StreamCommand } from './command-kind';

/** The moment of `performance.now()` by which `command` must be recorded; Infinity without a deadline. */
export const deadlineOf = ({ deadline }: StreamCommand): number => deadline?.at ?? Number.POSITIVE_INFINITY;

/** Whether less than `margin` milliseconds are left for `command`. */
export const isPast = (command: StreamCommand, margin = 0): boolean =>
  performance.now() + margin >= deadlineOf(command);
