import { fromMilliseconds, type NewerQuery } from '@activity-feed/contracts';
import { keep, type Reply } from '@activity-feed/link';
import { pageAnswer } from '../page/page-answer';
import { errorReply } from '../read-scope/error-reply';
import type { ActorScope, ReadScope } from '../read-scope/read-scope';
import { eventsSince } from '../read-since/events-since';
import { MovingPosition } from '../read-since/moving-position';
import type { LoggedEvent } from '../timeline-index/recent-log';
import type { Row } from '../timeline-index/rows/activity-rows';
import { hasUser } from '../timeline-index/rows/follow-lists';
import type { TimelineIndex } from '../timeline-index/timeline-index';

/** Answers what has arrived in a feed since a position, from memory: newest first, and the rest behind `newer_url`. */
export class NewerEntries {
  constructor(private readonly scope: Pick<ReadScope, 'ofActors'>) {}

  async page(query: NewerQuery): Promise<Reply> {
    const { feed, limit, since } = query;
    const scope = await this.scope.ofActors(query, { required: query, from: fromMilliseconds(Date.now()) });
    if (scope.isForbidden) return errorReply('USER_NOT_FOUND');
    const { index, behind } = scope;
    // It is being loaded.
    if (!index) return errorReply('SERVICE_UNAVAILABLE');
    const { numbers } = scope;
    const found = eventsSince(index, since, ({ actor }) => hasUser(numbers, actor));
    if (typeof found === 'string') return errorReply(found);
    const position = new MovingPosition(index.log, found.position);
    const rows: Row[] = [];
    for (const event of found.events) {
      if (rows.length === limit) break;
      const row = rowOf(event, index, scope);
      if (row === 'gone') return errorReply('POSITION_GONE');
      if (row !== undefined) rows.push(row);
      position.pass(event.place);
    }
    if (rows.length < limit) position.passAll();
    rows.sort((a, b) => (index.rows.isNewer(a, b) ? -1 : 1));
    const entries = [index.entryJson.write(Uint32Array.from(rows))];
    return keep(pageAnswer(feed, '', { entries, next: undefined, newer: position.text }, behind));
  }
}

/** The row of an event that the feed shows; gone if memory does not have it any more. */
function rowOf(
  { rows: added, below }: LoggedEvent,
  { rows, lists }: TimelineIndex,
  { view }: Pick<ActorScope, 'view'>,
): Row | 'gone' | undefined {
  const [row] = added;
  if (below || (row !== undefined && !rows.has(row))) return 'gone';
  // Rows that are no activities are hidden, too.
  if (row === undefined || rows.isHidden(row) || lists.isPending(row)) return undefined;
  return view?.hides(row) ? undefined : row;
}
