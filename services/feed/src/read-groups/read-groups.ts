import { type ActivityGroup, fromMilliseconds, type GroupsQuery, type Microseconds } from '@activity-feed/contracts';
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

/** Groups about one hidden user take the database as long as this number of actors takes memory. */
const ACTORS_PER_HIDDEN = 10;

const FOREVER = Number.POSITIVE_INFINITY as Microseconds;

export interface ReadGroupsOptions {
  scope: ReadScope;
  closed: ClosedGroups;
  filled: FilledDays;
  cache: AnswerCache;
  /** What the database has of the log. */
  position(): Promise<string>;
}

interface Found {
  groups: PlacedGroup[];
  behind: boolean;
}

/** Answers requests for pages of groups: open days from memory, earlier ones from the aggregate or from memory. */
export class ReadGroups {
  constructor(private readonly options: ReadGroupsOptions) {}

  async page(query: GroupsQuery): Promise<Reply> {
    const before = query.cursor === undefined ? undefined : decodeGroupCursor(query.cursor);
    if (query.cursor !== undefined && !before) return errorReply('CURSOR_INVALID');
    const { feed, limit, nextUrl } = query;
    const scope = await this.options.scope.ofDays(query, query);
    if (scope.isForbidden) return errorReply('USER_NOT_FOUND');
    const newer = query.positioned ? (scope.index?.log.text ?? (await this.options.position())) : undefined;
    // One more group shows whether there is a next page.
    const { groups, behind } = await this.find(scope, limit + 1, before);
    const shown = groups.slice(0, limit);
    const last = groups.length > limit ? shown.at(-1) : undefined;
    const json = shown.map((group) => JSON.stringify(toEntry(group))).join(',');
    const page = { entries: [Buffer.from(json)], next: last && encodeGroupCursor(last), newer };
    return keep(pageAnswer(feed, nextUrl, page, behind));
  }

  private async find(scope: OpenActorScope, limit: number, before: GroupPosition | undefined): Promise<Found> {
    const { closed, cache } = this.options;
    const { index, numbers, view, key, behind, takeBacks, hidden } = scope;
    const open = fromMilliseconds(scope.open);
    // The groups of closed days are the same wherever in the open days the page begins.
    const place = before && before.firstTime < open ? before : undefined;
    const recent =
      index &&
      (place ? [] : await groupsFromMemory(index, { actors: numbers, from: open, before, limit, visibility: view }));
    if (!recent) {
      const isWritten = (await takeBacks.reach(FOREVER)) !== undefined;
      const groups = await closed.find({
        actors: await scope.ids(),
        until: undefined,
        before,
        limit,
        hidden: hidden(),
      });
      return { groups, behind: behind || !isWritten };
    }
    if (recent.length === limit) return { groups: recent, behind };
    const undone = await takeBacks.reach(open, async () => ((await this.useMemory(scope)) ? index.firstDay : open));
    const isKept = key !== undefined && undone !== undefined;
    const name = isKept
      ? `groups.${key}.${open}.${limit}.${place ? encodeGroupCursor(place) : ''}${undone}${await takeBacks.changes()}`
      : undefined;
    const older = await cache.keep(name, () => this.older(scope, limit, place));
    return { groups: [...recent, ...older].slice(0, limit), behind: behind || undone === undefined };
  }

  /** Groups of closed days. */
  private async older(scope: OpenActorScope, limit: number, before: GroupPosition | undefined): Promise<PlacedGroup[]> {
    const { closed } = this.options;
    const { index, numbers, view, ids, hidden } = scope;
    const end = fromMilliseconds(scope.open);
    const { groups, to } =
      index && (await this.useMemory(scope))
        ? await closedGroupsFromMemory(index, { actors: numbers, to: end, before, limit, visibility: view })
        : { groups: [], to: end };
    if (groups.length === limit || to === 0) return groups;
    const rest = limit - groups.length;
    const older = await closed.find({ actors: await ids(), until: to, before, limit: rest, hidden: hidden() });
    return [...groups, ...older];
  }

  /** Whether closed days are read from memory where it covers them. */
  private async useMemory(scope: OpenActorScope): Promise<boolean> {
    return isSlowInDatabase(scope) || !(await this.options.filled.cover(fromMilliseconds(scope.open)));
  }
}

/**
 * Whether the database would read most groups of a page from their activities: those that have something about hidden users,
 * or, as it cannot know them, all groups if any account is private or suspended.
 */
function isSlowInDatabase({ view, numbers, hidden }: OpenActorScope): boolean {
  if (!view) return false;
  return view.judgesAccounts || ACTORS_PER_HIDDEN * (hidden()?.users.length ?? 0) >= numbers.length;
}

const toEntry = ({ firstTime: _, actorId: __, objectType: ___, ...entry }: PlacedGroup): ActivityGroup => entry;
