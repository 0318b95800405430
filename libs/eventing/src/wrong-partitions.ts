/**
 * Thrown when a topic has not the number of partitions that it must have. An actor's key then leads to another partition
 * than that of the actor's earlier events, which later ones could overtake.
 */
export class WrongPartitions extends Error {
  constructor(topic: string, has: number, wanted: string) {
    super(`${topic} has ${has} partitions; it must have ${wanted}: see "Partitions" in docs/operations.md`);
  }

  /** Throws when `topic`, which had `before` partitions, has another number by now. */
  static assertUnchanged(topic: string, has: number, before: number): void {
    if (has !== before) throw new WrongPartitions(topic, has, `the ${before} that it had before`);
  }
}

/** How to report a failure that is tried again: this one lasts until somebody mends it. */
export const severityOf = (error: unknown): 'warn' | 'error' => (error instanceof WrongPartitions ? 'error' : 'warn');
