import type { FeedActors, Microseconds, PageQuery } from '@activity-feed/contracts';
import { type BorrowedReply, copyOf, keep, type Reply } from '@activity-feed/link';
import { LOWEST_ID, type Position, toPagePosition } from '../activity/positions';
import type { HypertableTimeline } from '../hypertable/hypertable-timeline';
import { idArray } from '../hypertable/id-array';
import { pageAnswer, toPage } from '../page/page-answer';
import { encodeCursor } from '../page/page-cursor';
import type { IndexedVersions } from '../read-own-writes/indexed-versions';
import type { RecentTakeBacks } from '../read-own-writes/recent-take-backs';
import { WaitClock } from '../read-own-writes/wait-clock';
import type { LoadFollowees } from '../read-scope/load-followees';
import { singleActor } from '../read-scope/single-actor';
import { LOOKUPS_PER_TURN } from '../timeline-index/queries/in-pieces';
import { inTurns } from '../timeline-index/queries/in-turns';
import { ACTORS_PER_TURN, type Selection } from '../timeline-index/queries/select-actors';
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
  page(query: PageQuery, before: Position | undefined): BorrowedReply | Promise<Reply> {
    if (this.options.versions.has(query.atLeast)) {
      const actors = this.actors(query);
      const reply = actors && fitsInOneTurn(actors, before) && this.fromMemory(query, actors, before, false);
      if (reply) return reply;
    }
    return this.pageLater(query, before);
  }

  private async pageLater(query: PageQuery, before: Position | undefined): Promise<Reply> {
    const budget = new WaitClock(query.waitLimit);
    const { versions, followees } = this.options;
    let behind = !(await versions.reach(query, budget));
    let actors = this.actors(query);
    if (!actors) {
      // A read that is already behind does not wait again.
      const loaded = await (behind ? followees.select(query.reader) : followees.load(query.reader, budget));
      actors = loaded.followees;
      behind ||= !loaded.current;
    }
    const limit = query.limit + 1;
    let selected: Selection;
    do selected = await this.select(actors, limit, before);
    while (!this.suffices(selected, limit, before));
    const candidates = selected.actors;
    const reply = this.fromMemory(query, candidates, before, behind);
    if (reply) return keep(reply);
    return this.withOlderEntries(query, { actors, candidates, before }, { behind, budget });
  }

  /** Those of `actors` from whom the page is merged in one turn. */
  private async select(actors: Uint32Array, limit: number, before: Position | undefined): Promise<Selection> {
    if (fitsInOneTurn(actors, before)) return { actors, since: EVER };
    return inTurns(this.options.index.select(actors, limit, before));
  }

  /** Whether the selected actors still have a whole page: rows may have been hidden during the selection. */
  private suffices({ actors, since }: Selection, limit: number, before: Position | undefined): boolean {
    const { index } = this.options;
    if (since <= index.floor) return true;
    const last = index.find(actors, limit, before).rows[limit - 1];
    return last !== undefined && index.rows.timeOf(last) >= since;
  }

  /** Undefined if they must be looked up in the database. */
  private actors(of: FeedActors): Uint32Array | undefined {
    const { users, follows } = this.options.index;
    const single = singleActor(of);
    const user = users.find(single ?? of.reader);
    // The user has no events and no followees.
    if (user === undefined) return NOBODY;
    return single === undefined ? follows.get(user) : Uint32Array.of(user);
  }

  /** Undefined if the page is not completely in memory. */
  private fromMemory(
    { feed, limit, nextUrl }: PageQuery,
    actors: Uint32Array,
    before: Position | undefined,
    behind: boolean,
  ): BorrowedReply | undefined {
    const { index } = this.options;
    // One more row shows whether there is a next page.
    const { rows, complete } = index.find(actors, limit + 1, before);
    if (!complete) return undefined;
    const shown = Math.min(rows.length, limit);
    const next = rows.length > limit ? encodeCursor(index.rows.positionOf(rows[limit - 1] as number)) : undefined;
    return pageAnswer(feed, nextUrl, { entries: [index.entryJson.write(rows, 0, shown)], next }, behind);
  }

  private async withOlderEntries(
    query: PageQuery,
    { actors, candidates, before }: { actors: Uint32Array; candidates: Uint32Array; before: Position | undefined },
    { behind, budget }: { behind: boolean; budget: WaitClock },
  ): Promise<Reply> {
    const { index, hypertable, takeBacks } = this.options;
    const { feed, limit, nextUrl } = query;
    const { rows } = index.find(candidates, limit, before);
    const { floor } = index;
    const { length } = rows;
    // Copied, because bytes and rows are valid only until the next call to the index.
    const fromMemory = copyOf(index.entryJson.write(rows));
    const last = length > 0 ? index.rows.positionOf(rows[length - 1] as number) : before;
    const ids = await inTurns(idArray(actors, (actor) => index.users.idOf(actor)));
    const start = belowFloor(last, floor);
    const reached = (await takeBacks.requiredBy(query, budget, behind).reach(start.time)) !== undefined;
    const older = await hypertable.page({ actors: ids, before: toPagePosition(start), limit: limit + 1 - length });
    const rest = toPage(older, limit - length);
    const next = rest.next ?? (older.length > 0 && length === limit && last ? encodeCursor(last) : undefined);
    return keep(pageAnswer(feed, nextUrl, { entries: [fromMemory, ...rest.entries], next }, behind || !reached));
  }
}

/**
 * The position from which a page continues in the hypertable, after `last` but at the highest below the floor: the
 * hypertable may still have activities above it that memory has hidden.
 */
function belowFloor(last: Position | undefined, floor: Microseconds): Position {
  if (last && last.time <= floor) return last;
  return { time: (floor + 1) as Microseconds, id: LOWEST_ID };
}
