import { type Listed, READ_WAIT_LIMIT } from '@activity-feed/contracts';

/** Each part is longer than the one before, as more entries seem to be hidden, up to this number of entries. */
const LONGEST = 1_000;
const GROWTH = 4;

export interface Page {
  limit: number;
  cursor?: string | undefined;
}

/** A part of a list. */
export interface Part<Entry> {
  entries: Entry[];
  /** Cursor of the next part; undefined if this is the last one. */
  next: string | undefined;
}

/**
 * A page of a list with only the entries that `show` returns, which are in the same order. It is full unless the list
 * ends, its contents are so long that a part is shorter than requested, or filling it takes longer than reads may wait.
 * `read` reads a part of the list.
 */
export async function fillPage<Entry, Shown extends Listed>(
  { limit, cursor }: Page,
  read: (count: number, cursor: string | undefined) => Promise<Part<Entry>>,
  show: (entries: Entry[]) => Promise<Shown[]>,
): Promise<Part<Shown>> {
  const end = performance.now() + READ_WAIT_LIMIT;
  const shown: Shown[] = [];
  // One more, to find out whether there is a next page.
  for (let [count, from] = [limit + 1, cursor]; ; count = Math.min(LONGEST, GROWTH * count)) {
    const { entries, next } = await read(count, from);
    shown.push(...(await show(entries)));
    if (shown.length > limit) return { entries: shown.slice(0, limit), next: shown[limit - 1]?.cursor };
    const isShort = next !== undefined && entries.length < count && shown.length > 0;
    if (next === undefined || isShort || performance.now() > end) return { entries: shown, next };
    from = next;
  }
}
