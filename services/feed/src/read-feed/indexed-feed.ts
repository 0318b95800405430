import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FeedActors, LogPosition, Microseconds, PageQuery, UserId } from '@activity-feed/contracts';
import { type BorrowedReply, copyOf, keep, type Reply } from '@activity-feed/link';
import { LOWEST_ID, type Position, toPagePosition } from '../activity/positions';
import type { HypertableTimeline } from '../hypertable/hypertable-timeline';
import { idArray } from '../hypertable/id-array';
import { pageAnswer, toPage } from '../page/page-answer';
import { encodeCursor } from '../page/page-cursor';
import type { IndexedVersions } from '../read-own-writes/indexed-versions';
import type { RecentTakeBacks } from '../read-own-writes/recent-take-backs';
import { WaitClock } from '../read-own-writes/wait-clock';
import { errorReply } from '../read-scope/error-reply';
import { attentionOf, singleActor } from '../read-scope/feed-actors';
import type { LoadedFollowees, LoadFollowees } from '../read-scope/load-followees';
import { LOOKUPS_PER_TURN } from '../timeline-index/queries/in-pieces';
import { inTurns } from '../timeline-index/queries/in-turns';
import { ACTORS_PER_TURN, type Selection } from '../timeline-index/queries/select-actors';
import type { View, Visibility } from '../timeline-index/queries/view';
import type { ActivityRows } from '../timeline-index/rows/activity-rows';
import type { TimelineIndex } from '../timeline-index/timeline-index';

const NOBODY = new Uint32Array();

const EVER = Number.NEGATIVE_INFINITY as Microseconds;

const fitsInOneTurn = ({ length }: Uint32Array, before: Position | undefined) =>
  length <= (before ? ACTORS_PER_TURN : LOOKUPS_PER_TURN);

export interface IndexedFeedOptions {
  index: TimelineIndex;
  versions: IndexedVersions;
  followees: LoadFollowees;
  hypertable: Pick<HypertableTimeline, 'page'>;
  takeBacks: Pick<RecentTakeBacks, 'requiredBy'>;
  /** Whether the index has caught up with the log. */
  isReady(): boolean;
}

/** Answers page requests from memory, and from the hypertable for entries below memory. */
export class IndexedFeed {
  constructor(private readonly options: IndexedFeedOptions) {}

  get ready(): boolean {
    return this.options.isReady();
  }

  /** Synchronous unless a required write, the reader's followees or older entries are missing in memory. */
  page(query: PageQuery, before: Position | undefined): Reply | BorrowedReply | Promise<Reply> {
    const { index, versions } = this.options;
    if (versions.has(query.atLeast) && !index.viewers.needFollowees(query.reader)) {
      const view = this.viewOf(query);
      if (this.isForbidden(query, view)) return errorReply('USER_NOT_FOUND');
      const actors = this.actors(query);
      if (actors && fitsInOneTurn(actors, before)) {
        // One more row shows whether there is a next page.
        const { rows, complete } = index.find(actors, query.limit + 1, before, view);
        if (complete) return this.fromMemory(query, rows, false, query.positioned ? index.log.text : undefined);
      }
    }
    return this.pageLater(query, before);
  }

  private async pageLater(query: PageQuery, before: Position | undefined): Promise<Reply> {
    const budget = new WaitClock(query.waitLimit);
    const { index, versions, followees } = this.options;
    let behind = !(await versions.reach(query, budget));
    let loaded: LoadedFollowees | undefined;
    if (index.viewers.needFollowees(query.reader) || !this.actors(query)) {
      // A read that is already behind does not wait again.
      loaded = await (behind ? followees.select(query.reader) : followees.load(query.reader, budget));
      behind ||= !loaded.current;
    }
    const view = this.viewOf(query, loaded?.followees);
    if (this.isForbidden(query, view)) return errorReply('USER_NOT_FOUND');
    const all = this.actors(query, loaded?.followees) ?? NOBODY;
    const actors = view ? view.shownOf(all) : all;
    const limit = query.limit + 1;
    const { rows: inMemory } = index;
    // What arrives while the page is read is newer than the page.
    const newer = query.positioned ? index.log.text : undefined;
    const visibility = newer === undefined ? view : asOf(index.log.position, inMemory, view);
    let found: Found;
    do found = await this.find(actors, limit, before, visibility);
    while (
      // An event may have evicted rows between the end of the search and this moment.
      !found.suffices ||
      !found.rows.every((row) => inMemory.has(row))
    );
    const { rows, complete } = found;
    if (complete) return keep(this.fromMemory(query, rows, behind, newer));
    return this.withOlderEntries(query, { actors, rows, before, view, newer }, { behind, budget });
  }

  /** The newest rows in memory, looked for in turns. */
  private async find(
    actors: Uint32Array,
    limit: number,
    before: Position | undefined,
    view: Visibility | undefined,
  ): Promise<Found> {
    const { index } = this.options;
    let { actors: selected, since } = await this.select(actors, limit, before, view);
    const rows: number[] = [];
    for (let from = before; ; await nextTurn()) {
      const found = index.find(selected, limit - rows.length, from, view);
      rows.push(...found.rows);
      if (found.stoppedAt !== undefined) {
        from = found.stoppedAt;
        if (fitsInOneTurn(selected, from)) continue;
        ({ actors: selected, since } = await this.select(actors, limit - rows.length, from, view));
        continue;
      }
      // Rows may have been evicted, or hidden from all, while the search paused.
      const kept = rows.filter(
        (row) => index.rows.has(row) && !index.rows.isHidden(row) && !index.lists.isPending(row),
      );
      const last = kept[limit - 1];
      const reaches = last !== undefined && index.rows.timeOf(last) >= since;
      return {
        rows: Uint32Array.from(kept),
        complete: found.complete && kept.length === rows.length,
        suffices: kept.length === rows.length && (since <= index.floor || reaches),
      };
    }
  }

  /** Those of `actors` from whom the page is merged in one turn. */
  private async select(
    actors: Uint32Array,
    limit: number,
    before: Position | undefined,
    view: Visibility | undefined,
  ): Promise<Selection> {
    if (fitsInOneTurn(actors, before)) return { actors, since: EVER };
    return inTurns(this.options.index.select(actors, limit, before, view));
  }

  private viewOf({ feed, reader }: PageQuery, followees?: Uint32Array): View | undefined {
    return this.options.index.viewers.viewOf(reader, attentionOf(feed), followees);
  }

  /** Whether the page is of one other user who does not exist for the reader. */
  private isForbidden(query: PageQuery, view: View | undefined): boolean {
    if (query.feed !== 'user' || !view) return false;
    const user = this.options.index.users.find(singleActor(query) as UserId);
    return user !== undefined && view.denies(user);
  }

  /** Undefined if they must be looked up in the database; those that were are `loaded`. */
  private actors(of: FeedActors, loaded?: Uint32Array): Uint32Array | undefined {
    const { users, follows } = this.options.index;
    const single = singleActor(of);
    const user = users.find(single ?? of.reader);
    // The user has no events and no followees.
    if (user === undefined) return NOBODY;
    return single === undefined ? (loaded ?? follows.get(user)) : Uint32Array.of(user);
  }

  /** `found`: a row more shows that there is a next page. */
  private fromMemory(
    { feed, limit, nextUrl }: PageQuery,
    found: Uint32Array,
    behind: boolean,
    newer: string | undefined,
  ): BorrowedReply {
    const { index } = this.options;
    const shown = Math.min(found.length, limit);
    const next = found.length > limit ? encodeCursor(index.rows.positionOf(found[limit - 1] as number)) : undefined;
    return pageAnswer(feed, nextUrl, { entries: [index.entryJson.write(found, 0, shown)], next, newer }, behind);
  }

  private async withOlderEntries(
    query: PageQuery,
    { actors, rows: found, before, view, newer }: FoundInMemory,
    { behind, budget }: { behind: boolean; budget: WaitClock },
  ): Promise<Reply> {
    const { index, hypertable, takeBacks } = this.options;
    const { feed, limit, nextUrl } = query;
    const rows = found.subarray(0, limit);
    const { floor } = index;
    const { length } = rows;
    // Copied, because bytes and rows are valid only until the next call to the index.
    const fromMemory = copyOf(index.entryJson.write(rows));
    const last = length > 0 ? index.rows.positionOf(rows[length - 1] as number) : before;
    const ids = await inTurns(idArray(actors, (actor) => index.users.idOf(actor)));
    const start = belowFloor(last, floor);
    const reached = (await takeBacks.requiredBy(query, budget, behind).reach(start.time)) !== undefined;
    const older = await hypertable.page({
      actors: ids,
      before: toPagePosition(start),
      limit: limit + 1 - length,
      hidden: view?.ids,
    });
    const rest = toPage(older, limit - length);
    const next = rest.next ?? (older.length > 0 && length === limit && last ? encodeCursor(last) : undefined);
    return keep(pageAnswer(feed, nextUrl, { entries: [fromMemory, ...rest.entries], next, newer }, behind || !reached));
  }
}

interface Found {
  rows: Uint32Array;
  /** Whether the page does not continue in the hypertable. */
  complete: boolean;
  /** False if the search must be repeated, because rows were hidden from all or evicted meanwhile. */
  suffices: boolean;
}

interface FoundInMemory {
  actors: Uint32Array;
  rows: Uint32Array;
  before: Position | undefined;
  view: View | undefined;
  newer: string | undefined;
}

/** Without what has arrived since the log was at `position`. */
const asOf = (position: LogPosition, rows: ActivityRows, view: View | undefined): Visibility => ({
  hides: (row) => !rows.isIn(row, position) || (view?.hides(row) ?? false),
  hidesUser: (user) => view?.hidesUser(user) ?? false,
});

/**
 * The position from which a page continues in the hypertable, after `last` but at the highest below the floor: the
 * hypertable may still have activities above it that memory has hidden.
 */
function belowFloor(last: Position | undefined, floor: Microseconds): Position {
  if (last && last.time <= floor) return last;
  return { time: (floor + 1) as Microseconds, id: LOWEST_ID };
}
