import type { FeedKind, PageQuery, UserId } from '@activity-feed/contracts';
import { type BorrowedReply, copyOf, keep, type Reply } from '@activity-feed/link';
import { type Position, toPagePosition } from '../activity/positions';
import type { HypertableTimeline } from '../hypertable/hypertable-timeline';
import { idArray } from '../hypertable/id-array';
import { pageAnswer, toPage } from '../page/page-answer';
import { encodeCursor } from '../page/page-cursor';
import type { IndexedVersions } from '../read-own-writes/indexed-versions';
import { WaitBudget } from '../read-own-writes/wait-budget';
import type { LoadFollowees } from '../read-scope/load-followees';
import { LOOKUPS_PER_TURN } from '../timeline-index/queries/in-pieces';
import { inTurns } from '../timeline-index/queries/in-turns';
import { ACTORS_PER_TURN } from '../timeline-index/queries/select-actors';
import type { TimelineIndex } from '../timeline-index/timeline-index';

const NOBODY = new Uint32Array();

/** Whether a page of so many actors keeps nobody waiting. */
const isQuick = ({ length }: Uint32Array, before: Position | undefined) =>
  length <= (before ? ACTORS_PER_TURN : LOOKUPS_PER_TURN);

export interface IndexedFeedOptions {
  index: TimelineIndex;
  versions: IndexedVersions;
  followees: LoadFollowees;
  hypertable: Pick<HypertableTimeline, 'page'>;
  /** Whether the index has all that the log had when it was begun. */
  isReady(): boolean;
}

/** Answers requests for pages from memory, with the hypertable where memory ends. */
export class IndexedFeed {
  constructor(private readonly options: IndexedFeedOptions) {}

  get ready(): boolean {
    return this.options.isReady();
  }

  /**
   * At once unless something is lacking: a write that must be seen, the reader's followees, older entries.
   */
  page(query: PageQuery, before: Position | undefined): BorrowedReply | Promise<Reply> {
    if (this.options.versions.has(query.atLeast)) {
      const actors = this.actors(query.feed, query.reader);
      const reply = actors && isQuick(actors, before) && this.fromMemory(query, actors, before, false);
      if (reply) return reply;
    }
    return this.assembled(query, before);
  }

  private async assembled(query: PageQuery, before: Position | undefined): Promise<Reply> {
    const budget = new WaitBudget(query.waitLimit);
    const { versions, followees } = this.options;
    let behind = !(await versions.reach(query, budget));
    let actors = this.actors(query.feed, query.reader);
    if (!actors) {
      // What is behind anyway is not waited for once more.
      const loaded = await (behind ? followees.select(query.reader) : followees.load(query.reader, budget));
      actors = loaded.followees;
      behind ||= !loaded.current;
    }
    const quick = isQuick(actors, before);
    const possible = quick ? actors : await inTurns(this.options.index.select(actors, query.limit + 1, before));
    const reply = this.fromMemory(query, possible, before, behind);
    if (reply) return keep(reply);
    return this.completed(query, { actors, possible }, before, behind);
  }

  /** Undefined when they must be looked up. */
  private actors(feed: FeedKind, reader: UserId): Uint32Array | undefined {
    const { users, follows } = this.options.index;
    const user = users.find(reader);
    // Nothing was ever heard of such a user.
    if (user === undefined) return NOBODY;
    return feed === 'my' ? Uint32Array.of(user) : follows.get(user);
  }

  /** Undefined when memory does not have the whole page. */
  private fromMemory(
    { feed, limit, nextUrl }: PageQuery,
    actors: Uint32Array,
    before: Position | undefined,
    behind: boolean,
  ): BorrowedReply | undefined {
    const { index } = this.options;
    // One more than asked for tells whether there is a next page.
    const { rows, complete } = index.find(actors, limit + 1, before);
    if (!complete) return undefined;
    const shown = Math.min(rows.length, limit);
    const next = rows.length > limit ? encodeCursor(index.rows.positionOf(rows[limit - 1] as number)) : undefined;
    return pageAnswer(feed, nextUrl, { entries: [index.bytes.write(rows, 0, shown)], next }, behind);
  }

  /** Goes on in the hypertable behind the last row that memory has; no more than `limit` of them are there. */
  private async completed(
    { feed, limit, nextUrl }: PageQuery,
    { actors, possible }: { actors: Uint32Array; possible: Uint32Array },
    before: Position | undefined,
    behind: boolean,
  ): Promise<Reply> {
    const { index, hypertable } = this.options;
    const { rows } = index.find(possible, limit, before);
    const { length } = rows;
    // Bytes and rows are valid only until somebody else asks.
    const fromMemory = copyOf(index.bytes.write(rows));
    const last = length > 0 ? index.rows.positionOf(rows[length - 1] as number) : before;
    const ids = await inTurns(idArray(actors, (actor) => index.users.idOf(actor)));
    const older = await hypertable.page({
      actors: ids,
      before: last && toPagePosition(last),
      limit: limit + 1 - length,
    });
    const rest = toPage(older, limit - length);
    const next = rest.next ?? (older.length > 0 && length === limit && last ? encodeCursor(last) : undefined);
    return keep(pageAnswer(feed, nextUrl, { entries: [fromMemory, ...rest.entries], next }, behind));
  }
}
