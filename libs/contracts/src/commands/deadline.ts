/**
 * When a command must have been carried out, by the monotonic clock of one instance of a service, so that no wall clock
 * matters. After that moment the service refuses the command without carrying it out.
 */
export interface Deadline {
  /** The instance whose clock it is. */
  instance: string;
  /** Milliseconds. */
  at: number;
}

/** A reading of an instance's monotonic clock. */
export interface ClockReading {
  /** A random id, new at each boot. */
  instance: string;
  /** Milliseconds. */
  now: number;
}

/**
 * The deadline to send without a reading of the service's clock. It matches no instance: the service answers with a
 * reading, and the sender repeats the command.
 */
export const UNKNOWN_CLOCK: Deadline = { instance: '', at: 0 };
