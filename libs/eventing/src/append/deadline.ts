import type { StreamCommand } from './command-kind';

/** The command's deadline by `performance.now()`; Infinity without one. */
export const deadlineOf = ({ deadline }: StreamCommand): number => deadline?.at ?? Number.POSITIVE_INFINITY;

/** Whether `command` has at most `margin` milliseconds left. */
export const isPast = (command: StreamCommand, margin = 0): boolean =>
  performance.now() + margin >= deadlineOf(command);
