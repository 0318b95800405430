import { type ActivityGroup, fromMilliseconds, type GroupsQuery } from '@activity-feed/contracts';
import { keep, type Reply } from '@activity-feed/link';
import type { FilledDays } from '../aggregates/filled-days';
import type { AnswerCache } from '../keep-answers/answer-cache';
import { pageAnswer } from '../page/page-answer';
import { errorReply } from '../read-scope/error-reply';
import type { OpenActorScope, ReadScope } from '../read-scope/read-scope';
import type { GroupPosition } from '../timeline-index/queries/grouped-rows';
import type { ClosedGroups, PlacedGroup } from './closed-groups';
import { decodeGroupCursor, encodeGroupCursor } from './group-cursor';
import { closedGroupsFromMemory, groupsFromMemory } from './groups-from-memory';

export interface ReadGroupsOptions {
  scope: ReadScope;
  closed: ClosedGroups;
  filled: FilledDays;
  cache: AnswerCache;
}

/** Answers requests for pages of groups: open days from memory, earlier ones from the aggregate. */
export class ReadGroups {
  constructor(private readonly options: ReadGroupsOptions) {}

  async page(query: GroupsQuery): Promise<Reply> {
    const before = query.cursor === undefined ? undefined : decodeGroupCursor(query.cursor);
    if (query.cursor !== undefined && !before) return errorReply('CURSOR_INVALID');
    const { feed, reader, limit, nextUrl } = query;
    const scope = await this.options.scope.ofDays(feed, reader, query);
    // One more group shows whether there is a next page.
    const groups = await this.find(scope, limit + 1, before);
    const shown = groups.slice(0, limit);
    const last = groups.length > limit ? shown.at(-1) : undefined;
    const json = shown.map((group) => JSON.stringify(toEntry(group))).join(',');
    const page = { entries: [Buffer.from(json)], next: last && encodeGroupCursor(last) };
    return keep(pageAnswer(feed, nextUrl, page, scope.behind));
  }

  private async find(scope: OpenActorScope, limit: number, before: GroupPosition | undefined): Promise<PlacedGroup[]> {
    const { closed, cache } = this.options;
    const { index, numbers, key } = scope;
    const open = fromMilliseconds(scope.open);
    // The groups of closed days are the same wherever in the open days the page begins.
    const place = before && before.firstTime < open ? before : undefined;
    const recent =
      index && (place ? [] : await groupsFromMemory(index, { actors: numbers, from: open, before, limit }));
    if (!recent) return closed.find({ actors: await scope.ids(), until: undefined, before, limit });
    if (recent.length === limit) return recent;
    const name = key && `groups.${key}.${open}.${limit}.${place ? encodeGroupCursor(place) : ''}`;
    const older = await cache.keep(name, () => this.older(scope, limit, place));
    return [...recent, ...older].slice(0, limit);
  }

  /** Groups of closed days. Days that are not materialised are read from memory where it covers them. */
  private async older(
    { index, numbers, ids, open }: OpenActorScope,
    limit: number,
    before: GroupPosition | undefined,
  ): Promise<PlacedGroup[]> {
    const { closed, filled } = this.options;
    const end = fromMilliseconds(open);
    const useMemory = index && !(await filled.cover(end));
    const { groups, to } = useMemory
      ? await closedGroupsFromMemory(index, { actors: numbers, to: end, before, limit })
      : { groups: [], to: end };
    if (groups.length === limit || to === 0) return groups;
    const older = await closed.find({ actors: await ids(), until: to, before, limit: limit - groups.length });
    return [...groups, ...older];
  }
}

const toEntry = ({ firstTime: _, actorId: __, objectType: ___, ...entry }: PlacedGroup): ActivityGroup => entry;
