import { type ActivityGroup, fromMicroseconds, type GroupsQuery, type Verb } from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { AnswerCache } from '../keep-answers/answer-cache';
import { pageAnswer } from '../read-feed/page-answer';
import type { OpenActorScope, ReadScope } from '../serve-reads/read-scope';
import { refusal } from '../serve-reads/refusal';
import type { GroupPosition, RowGroup } from '../timeline-index/grouped-rows';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import type { ClosedGroups, PlacedGroup } from './closed-groups';
import { decodeGroupCursor, encodeGroupCursor } from './group-cursor';

export interface ReadGroupsOptions {
  scope: ReadScope;
  closed: ClosedGroups;
  cache: AnswerCache;
}

/** Answers requests for pages of groups: the open days from memory, those before them from the aggregate. */
export class ReadGroups {
  constructor(private readonly options: ReadGroupsOptions) {}

  async page(query: GroupsQuery): Promise<Reply> {
    const before = query.cursor === undefined ? undefined : decodeGroupCursor(query.cursor);
    if (query.cursor !== undefined && !before) return refusal('CURSOR_INVALID');
    const { feed, reader, atLeast, limit, nextUrl } = query;
    const scope = await this.options.scope.ofDays(feed, reader, atLeast);
    // One more than asked for tells whether there is a next page.
    const groups = await this.find(scope, limit + 1, before);
    const shown = groups.slice(0, limit);
    const last = groups.length > limit ? shown.at(-1) : undefined;
    const json = shown.map((group) => JSON.stringify(toEntry(group))).join(',');
    const page = { entries: [Buffer.from(json)], next: last && encodeGroupCursor(last) };
    const reply = pageAnswer(feed, nextUrl, page, scope.behind);
    return { ...reply, payload: Buffer.from(reply.payload) };
  }

  private async find(
    { index, numbers, ids: actors, key, open: openFrom }: OpenActorScope,
    limit: number,
    before: GroupPosition | undefined,
  ): Promise<PlacedGroup[]> {
    const { closed, cache } = this.options;
    if (!index) return closed.find({ actors, until: undefined, before, limit });
    const open = openFrom * 1_000;
    // What follows on open days is the same wherever on them the page begins.
    const place = before && before.firstTime < open ? before : undefined;
    const recent = place ? [] : index.groups(numbers, open, limit, before);
    const groups = recent.map((group) => toPlaced(group, index));
    if (groups.length === limit) return groups;
    const name = key && `groups.${key}.${open}.${limit}.${place ? encodeGroupCursor(place) : ''}`;
    const older = await cache.keep(name, () => closed.find({ actors, until: open, before: place, limit }));
    return [...groups, ...older].slice(0, limit);
  }
}

function toPlaced({ user, count, objectIds, ...place }: RowGroup, index: TimelineIndex): PlacedGroup {
  const time = fromMicroseconds(BigInt(place.firstTime));
  return {
    actor_name: index.users.names.get(user),
    verb: place.verb as Verb,
    object_type: (place.objectType || null) as ActivityGroup['object_type'],
    count,
    object_ids: [...objectIds],
    day: time.slice(0, '2019-02-10'.length),
    time,
    firstTime: place.firstTime,
    actorId: place.actorId,
    objectType: place.objectType,
  };
}

const toEntry = ({ firstTime: _, actorId: __, objectType: ___, ...entry }: PlacedGroup): ActivityGroup => entry;
