import type { Microseconds } from '@activity-feed/contracts';
import { KeySet } from './key-set';

interface Undone {
  readonly kind: number;
  readonly objectId: number;
  readonly from: Microseconds;
  readonly to: Microseconds;
}

/** Notes of what was taken back that are kept without looking whether their rows are in memory. */
const FEWEST = 1_000;

/** The event of a stream, by user number, that deleted or restored an object. */
interface Change {
  readonly user: number;
  readonly version: number;
}

/**
 * Which objects are deleted, by objectKey. Rows cannot be found by object: when an object is deleted or restored, a pass
 * over all rows hides or shows its rows. Until the pass has ended, the object is pending, and reads skip its rows. So a
 * deleted object disappears at once, and a restored one appears as a whole, once all its rows can be shown.
 */
export class DeletedObjects {
  private readonly deleted = new KeySet();
  private readonly all = new Set<number>();
  /** Those of the pending objects that have changed since the current pass began. */
  private changed = new Set<number>();
  /** The latest change of each pending object. */
  private readonly changes = new Map<number, Change>();
  /** What was taken back while an object was deleted, by user number: the row is then not in its actor's list. */
  private readonly undone = new Map<number, Undone[]>();
  /** The number of these notes, and the number at which those whose rows have left memory are forgotten. */
  private noted = { count: 0, most: FEWEST };
  private readonly watchers = new Set<Set<number>>();

  /** Objects whose rows reads must skip. */
  get pending(): ReadonlySet<number> {
    return this.all;
  }

  /** Bytes outside the JavaScript heap. */
  get bytes(): number {
    return this.deleted.bytes;
  }

  /** Whether rows may be marked, or will be. */
  get hasAny(): boolean {
    return this.all.size > 0 || this.deleted.size > 0;
  }

  isDeleted(key: number): boolean {
    return this.deleted.has(key);
  }

  /** Notes an object as deleted before any of its rows is added. */
  load(key: number): void {
    this.deleted.add(key);
  }

  delete(key: number, change: Change): void {
    if (this.deleted.has(key)) return;
    this.deleted.add(key);
    this.change(key, change);
  }

  restore(key: number, change: Change): void {
    if (!this.deleted.has(key)) return;
    this.deleted.delete(key);
    this.change(key, change);
  }

  /**
   * Whether reads show what events up to `version` of a stream have changed. Rows of a deleted object are skipped at once;
   * `counts` by object, which include rows about others, follow when the object is no longer pending.
   */
  isSettled(user: number, version: number, counts: boolean): boolean {
    for (const [key, change] of this.changes) {
      if (change.user === user && change.version <= version && (counts || !this.deleted.has(key))) return false;
    }
    return true;
  }

  /** Begins a pass. Returns the objects whose rows it must hide or show; undefined if there are none. */
  beginPass(): ReadonlySet<number> | undefined {
    if (this.changed.size === 0) return undefined;
    const keys = this.changed;
    this.changed = new Set();
    return keys;
  }

  /** Ends a pass. Returns the users in whose streams its objects were changed. */
  endPass(keys: ReadonlySet<number>): Set<number> {
    const users = new Set<number>();
    for (const key of keys) {
      // Its rows are as they were before the latest change, at least in part.
      if (this.changed.has(key)) continue;
      this.all.delete(key);
      this.report(key);
      const change = this.changes.get(key);
      if (change) users.add(change.user);
      this.changes.delete(key);
    }
    return users;
  }

  /** Notes what was taken back, in case that its row is hidden now and would be shown later. */
  noteUndone(user: number, undone: Undone, floor: Microseconds): void {
    const known = this.undone.get(user);
    if (known) known.push(undone);
    else this.undone.set(user, [undone]);
    if (++this.noted.count > this.noted.most) this.forgetUndone(floor);
  }

  isUndone(user: number, kind: number, objectId: number, time: Microseconds): boolean {
    const isMeant = (one: Undone) =>
      one.kind === kind && one.objectId === objectId && time >= one.from && time <= one.to;
    return this.undone.get(user)?.some(isMeant) ?? false;
  }

  /** The objects that appear or disappear until {@link unwatch}. */
  watch(): Set<number> {
    const seen = new Set<number>();
    this.watchers.add(seen);
    return seen;
  }

  unwatch(seen: Set<number>): void {
    this.watchers.delete(seen);
  }

  /** Called again only after as many new notes as are left now, so that each note is looked at only a few times. */
  private forgetUndone(floor: Microseconds): void {
    let count = 0;
    for (const [user, undone] of this.undone) {
      const left = undone.filter(({ to }) => to > floor);
      if (left.length === 0) this.undone.delete(user);
      else this.undone.set(user, left);
      count += left.length;
    }
    this.noted = { count, most: Math.max(2 * count, FEWEST) };
  }

  private change(key: number, change: Change): void {
    this.changes.set(key, change);
    this.all.add(key);
    this.changed.add(key);
    this.report(key);
  }

  private report(key: number): void {
    for (const seen of this.watchers) seen.add(key);
  }
}
