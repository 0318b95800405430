/**
 * When a command must have been carried out: a moment of the monotonic clock of one instance of a service, so that
 * nobody's wall clock matters. The service refuses the command, unexecuted, once that moment has passed.
 */
export interface Deadline {
  /** Whose clock it is. */
  instance: string;
  /** Milliseconds. */
  at: number;
}

/** What the monotonic clock of an instance says: a random id for each boot, and milliseconds. */
export interface ClockReading {
  instance: string;
  now: number;
}

/**
 * Stands for a deadline where the sender has no reading of the service's clock. No instance takes it for its own: the
 * service answers with its clock, and the command is sent again.
 */
export const UNKNOWN_CLOCK: Deadline = { instance: '', at: 0 };
