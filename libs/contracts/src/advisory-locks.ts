/**
 * All two-part advisory locks: class and number. Whoever takes the same two in one database takes the same lock, so
 * each has its place here, and keeps it: instances of another version take it at the same time. A stream's lock is one
 * number of 64 bits, which cannot be one of these.
 */
export const ADVISORY_LOCKS = {
  /** Of each topic's relays one leads; `$1` is the topic. */
  relay: { class: 1, number: 'hashtext($1)' },
  /** A database is migrated by one instance. */
  migrations: { class: 2, number: '0' },
  /** Views of aggregates are made by one instance. */
  views: { class: 2, number: '1' },
  /** The chunk interval of the hypertable is set by one instance at a time. */
  chunkInterval: { class: 2, number: '2' },
  /** Of all projectors one refreshes the aggregates. */
  refresher: { class: 3, number: '0' },
  /** A made-up world is written by one process; `$1` is its mark. */
  generatedWorld: { class: 4, number: 'hashtext($1)' },
  /** Demo users are registered by one instance. Versions before this list took the refresher's, (3, 0). */
  demoUsers: { class: 5, number: '0' },
} as const;

/** The arguments of PostgreSQL's functions for a lock. */
export function advisoryLock(name: keyof typeof ADVISORY_LOCKS): string {
  const lock = ADVISORY_LOCKS[name];
  return `${lock.class}, ${lock.number}`;
}
