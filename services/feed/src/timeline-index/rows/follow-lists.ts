interface FollowList {
  /** Numbers of users, ascending. */
  readonly followees: Uint32Array;
  /** The version of the reader's social-graph stream that the list reflects. */
  readonly version: number;
}

/** Overhead of a list, in followees of 4 bytes. */
const LIST_OVERHEAD = 75;

/** The followees of recent readers: an LRU cache. */
export class FollowLists {
  /** Least recently used first. */
  private readonly lists = new Map<number, FollowList>();
  private total = 0;

  /**
   * `budget`: followees of all readers together, plus {@link LIST_OVERHEAD} per list. The latest reader's list is kept
   * whatever its length.
   */
  constructor(private readonly budget: number) {}

  /** Undefined if the list must be looked up. */
  get(reader: number): Uint32Array | undefined {
    const list = this.lists.get(reader);
    if (!list) return undefined;
    this.lists.delete(reader);
    this.lists.set(reader, list);
    return list.followees;
  }

  /** Stores a looked-up list: user numbers, ascending, as of `version` of the reader's stream. */
  set(reader: number, followees: Uint32Array, version: number): void {
    this.put(reader, { followees, version });
  }

  /** Applies an event of the reader's stream, unless the list is missing or already reflects it. */
  change(reader: number, followee: number, following: boolean, version: number): void {
    const list = this.lists.get(reader);
    if (!list || version <= list.version) return;
    this.put(reader, { followees: changed(list.followees, followee, following), version });
  }

  forget(reader: number): void {
    const list = this.lists.get(reader);
    if (list) this.total -= list.followees.length + LIST_OVERHEAD;
    this.lists.delete(reader);
  }

  private put(reader: number, list: FollowList): void {
    this.forget(reader);
    this.lists.set(reader, list);
    this.total += list.followees.length + LIST_OVERHEAD;
    for (const oldest of this.lists.keys()) {
      if (this.total <= this.budget || oldest === reader) break;
      this.forget(oldest);
    }
  }
}

/** Whether `ascending` has a user. */
export const hasUser = (ascending: Uint32Array, user: number): boolean => ascending[placeOf(ascending, user)] === user;

/** The list with or without a followee; the same list if that changes nothing. */
export function changed(followees: Uint32Array, followee: number, following: boolean): Uint32Array {
  const place = placeOf(followees, followee);
  const isIncluded = followees[place] === followee;
  if (isIncluded === following) return followees;
  const result = new Uint32Array(followees.length + (following ? 1 : -1));
  result.set(followees.subarray(0, place));
  if (following) result[place] = followee;
  result.set(followees.subarray(following ? place : place + 1), following ? place + 1 : place);
  return result;
}

function placeOf(ascending: Uint32Array, wanted: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] as number) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
