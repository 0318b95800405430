interface FollowList {
  /** Numbers of users, ascending. */
  readonly followees: Uint32Array;
  /** Of the reader's stream at the social graph, up to which the list is right. */
  readonly version: number;
}

/** What a list costs besides its followees, in followees of 4 bytes. */
const LIST = 75;

/** Whom readers follow, for those who have read lately. */
export class FollowLists {
  /** The one that was not read for the longest time first. */
  private readonly lists = new Map<number, FollowList>();
  private total = 0;

  /**
   * Keeps at most `budget` followees of all readers together, each list counting as {@link LIST} more, and the latest
   * reader's whatever they are.
   */
  constructor(private readonly budget: number) {}

  /** Whom `reader` follows; undefined when that must be looked up. */
  get(reader: number): Uint32Array | undefined {
    const list = this.lists.get(reader);
    if (!list) return undefined;
    this.lists.delete(reader);
    this.lists.set(reader, list);
    return list.followees;
  }

  /** Keeps what was looked up when the reader's stream was at `version`: numbers of users, ascending. */
  set(reader: number, followees: Uint32Array, version: number): void {
    this.put(reader, { followees, version });
  }

  /** Applies one event of the reader's stream; a list that knows it already, or is not there, stays as it is. */
  change(reader: number, followee: number, following: boolean, version: number): void {
    const list = this.lists.get(reader);
    if (!list || version <= list.version) return;
    this.put(reader, { followees: changed(list.followees, followee, following), version });
  }

  /** Forgets a list, which is then looked up anew. */
  forget(reader: number): void {
    const list = this.lists.get(reader);
    if (list) this.total -= list.followees.length + LIST;
    this.lists.delete(reader);
  }

  private put(reader: number, list: FollowList): void {
    this.forget(reader);
    this.lists.set(reader, list);
    this.total += list.followees.length + LIST;
    for (const oldest of this.lists.keys()) {
      if (this.total <= this.budget || oldest === reader) break;
      this.forget(oldest);
    }
  }
}

function changed(followees: Uint32Array, followee: number, following: boolean): Uint32Array {
  const place = placeOf(followees, followee);
  const isThere = followees[place] === followee;
  if (isThere === following) return followees;
  const result = new Uint32Array(followees.length + (following ? 1 : -1));
  result.set(followees.subarray(0, place));
  if (following) result[place] = followee;
  result.set(followees.subarray(following ? place : place + 1), following ? place + 1 : place);
  return result;
}

/** The index of the first value that is not below `wanted`. */
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
