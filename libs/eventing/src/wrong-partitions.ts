/**
 * Thrown when a topic has the wrong number of partitions. An actor's key would map to a different partition than
 * before, so the order of the actor's events would be lost.
 */
export class WrongPartitions extends Error {
  constructor(topic: string, has: number, wanted: string) {
    super(`${topic} has ${has} partitions; it must have ${wanted}: see "Partitions" in docs/operations.md`);
  }

  static assertUnchanged(topic: string, has: number, before: number): void {
    if (has !== before) throw new WrongPartitions(topic, has, `the ${before} that it had before`);
  }
}

/** Log level for a failure that is retried. Wrong partitions need an operator. */
export const severityOf = (error: unknown): 'warn' | 'error' => (error instanceof WrongPartitions ? 'error' : 'warn');
