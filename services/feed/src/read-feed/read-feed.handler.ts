import { type Answer, type FeedPage, ReadFeed, type ReadFeedQuery } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { decodeCursor, encodeCursor } from '../page-cursor/page-cursor';
import { AppliedVersions } from '../read-own-writes/applied-versions';
import { readFollowees } from './followees';
import { HypertableTimeline } from './hypertable-timeline';
import type { PlacedEntry } from './timeline';

/** Milliseconds for which a page waits to show what it must. */
const WAIT_LIMIT = 2_000;

@Controller()
export class ReadFeedHandler {
  constructor(
    private readonly pool: Pool,
    private readonly applied: AppliedVersions,
    private readonly timeline: HypertableTimeline,
  ) {}

  @MessagePattern(ReadFeed.pattern)
  async handle({ feed, reader, limit, cursor, atLeast }: ReadFeedQuery): Promise<Answer<FeedPage>> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && !before) return { ok: false, code: 'CURSOR_INVALID' };
    const reached = await this.applied.reach(atLeast, WAIT_LIMIT);
    const actors = feed === 'my' ? [reader] : await readFollowees(this.pool, reader);
    // One more than asked for tells whether there is a next page.
    const entries = await this.timeline.page({ actors, before, limit: limit + 1 });
    return { ok: true, value: { ...toPage(entries, limit), behind: !reached } };
  }
}

function toPage(entries: PlacedEntry[], limit: number): Pick<FeedPage, 'entries' | 'nextCursor'> {
  const page = entries.slice(0, limit);
  const last = entries.length > limit ? page.at(-1) : undefined;
  return {
    entries: page.map(({ event_id: _, ...entry }) => entry),
    nextCursor: last ? encodeCursor({ time: last.time, eventId: last.event_id }) : null,
  };
}
