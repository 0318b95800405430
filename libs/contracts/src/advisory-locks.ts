/**
 * All two-part advisory locks: class and number. They are listed here so that no two are the same by accident. Never
 * change one: instances of other versions take it at the same time. The lock of a stream is a single 64-bit number,
 * which is a separate key space.
 */
export const ADVISORY_LOCKS = {
  /** One relay of each topic is the leader; `$1` is the topic. */
  relay: { class: 1, number: 'hashtext($1)' },
  /** One instance migrates a database at a time. */
  migrations: { class: 2, number: '0' },
  /** One instance creates the views of aggregates. */
  views: { class: 2, number: '1' },
  /** One instance at a time sets the chunk interval of the hypertable. */
  chunkInterval: { class: 2, number: '2' },
  /** One projector refreshes the aggregates. */
  refresher: { class: 3, number: '0' },
  /** One process writes a generated data set; `$1` identifies the data set. */
  generatedWorld: { class: 4, number: 'hashtext($1)' },
  /** One instance registers the demo users. Versions before this list used the refresher's lock, (3, 0). */
  demoUsers: { class: 5, number: '0' },
  /** The feed's activities of a deleted or restored object are moved, or some of them are undone (shared). */
  moveActivities: { class: 6, number: '0' },
} as const;

/** The lock as arguments of PostgreSQL's advisory lock functions. */
export function advisoryLock(name: keyof typeof ADVISORY_LOCKS): string {
  const lock = ADVISORY_LOCKS[name];
  return `${lock.class}, ${lock.number}`;
}
