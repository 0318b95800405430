import type { PageQuery, UserId } from '@activity-feed/contracts';
import { type BorrowedReply, keep, type Reply } from '@activity-feed/link';
import type { Attention, HiddenIds } from '../activity/hiding';
import { type Position, toPagePosition } from '../activity/positions';
import type { HypertableTimeline } from '../hypertable/hypertable-timeline';
import { IdArray } from '../hypertable/id-array';
import type { PlacedEntry } from '../hypertable/placed-entry';
import { pageAnswer, toPage } from '../page/page-answer';
import { decodeCursor } from '../page/page-cursor';
import type { AppliedVersions } from '../read-own-writes/applied-versions';
import { WaitClock } from '../read-own-writes/wait-clock';
import { errorReply } from '../read-scope/error-reply';
import { attentionOf, singleActor } from '../read-scope/feed-actors';
import type { IndexedFeed } from './indexed-feed';

export interface ReadFeedOptions {
  followees(reader: UserId): Promise<IdArray>;
  /** Users whom a page leaves out; undefined if nobody is hidden. */
  hidden(viewer: UserId, attention: Attention, user?: UserId): Promise<HiddenIds | undefined>;
  hypertable: Pick<HypertableTimeline, 'page'>;
  applied: Pick<AppliedVersions, 'reach'>;
  indexed: IndexedFeed | undefined;
  /** What the database has of the log. */
  position(): Promise<string>;
}

/** Reads of a page while the projector writes. */
const ATTEMPTS = 3;

/** Answers page requests: from memory once the index is ready, until then from the hypertable. */
export class ReadFeed {
  constructor(private readonly options: ReadFeedOptions) {}

  /** Synchronous if everything is in memory. */
  page(query: PageQuery): Reply | BorrowedReply | Promise<Reply> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    if (query.cursor !== undefined && !before) return errorReply('CURSOR_INVALID');
    const { indexed } = this.options;
    if (indexed?.ready) return indexed.page(query, before);
    return this.fromHypertable(query, before);
  }

  private async fromHypertable(query: PageQuery, before: Position | undefined): Promise<Reply> {
    const { applied, followees, hidden: hiddenFrom, hypertable } = this.options;
    const { feed, reader, limit, nextUrl } = query;
    const reached = await applied.reach(query, new WaitClock(query.waitLimit));
    const single = singleActor(query);
    const hidden = await hiddenFrom(reader, attentionOf(feed), single);
    if (feed === 'user' && hidden?.users.includes(single as number)) return errorReply('USER_NOT_FOUND');
    const actors = single === undefined ? await followees(reader) : IdArray.of(single);
    // One more entry shows whether there is a next page.
    const position = before && toPagePosition(before);
    const read = () => hypertable.page({ actors, before: position, limit: limit + 1, hidden });
    const { entries, newer } = query.positioned
      ? await this.positioned(read)
      : { entries: await read(), newer: undefined };
    return keep(pageAnswer(feed, nextUrl, { ...toPage(entries, limit), newer }, !reached));
  }

  /** With the position of the log that the page belongs to; if the projector writes all the time, an earlier one. */
  private async positioned(read: () => Promise<PlacedEntry[]>): Promise<{ entries: PlacedEntry[]; newer: string }> {
    let newer = await this.options.position();
    for (let attempt = 1; ; attempt++) {
      const entries = await read();
      const now = await this.options.position();
      if (now === newer || attempt === ATTEMPTS) return { entries, newer };
      newer = now;
    }
  }
}
