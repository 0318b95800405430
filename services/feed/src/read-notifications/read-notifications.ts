import {
  type ErrorCode,
  encodeFeedPosition,
  FEED_STATUSES,
  fromMicroseconds,
  type MarkQuery,
  type Marks,
  type Microseconds,
  type NewerNotificationsQuery,
  NOTIFICATION_GROUPS_MAX,
  type NotificationGroup,
  type NotificationsQuery,
  type UnmarkedGroups,
  type UnmarkedQuery,
  type UserId,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import { DAY } from '../activity/durations';
import { readHiddenIds } from '../hypertable/hidden-ids';
import { encodeCursor } from '../page/page-cursor';
import type { AppliedVersions } from '../read-own-writes/applied-versions';
import { WaitClock } from '../read-own-writes/wait-clock';
import { errorReply } from '../read-scope/error-reply';
import type { ReadScope } from '../read-scope/read-scope';
import { type MarkedUntil, UNKNOWN } from '../timeline-index/notifications';
import { findGroups } from './find-groups';
import { findMark } from './find-mark';
import { RowEvicted } from './indexed-rows';
import { newerGroups } from './newer-groups';
import { decodeNotificationCursor, encodeNotificationCursor } from './notification-cursor';
import { type FoundGroup, toReadMarks, type Unmarked } from './notification-groups';
import { indexedUser, type NotifiedUser, storedUser } from './notified-user';
import { mayHaveSeen, type TouchedGroup } from './touched-groups';

export interface ReadNotificationsOptions {
  scope: Pick<ReadScope, 'ofReader'>;
  pool: Pool;
  applied: Pick<AppliedVersions, 'reach'>;
}

/** Reads while rows are evicted. */
const ATTEMPTS = 3;

/** Answers what others did about a user: pages of groups, and how many of these are not seen or not read. */
export class ReadNotifications {
  constructor(private readonly options: ReadNotificationsOptions) {}

  async page(query: NotificationsQuery): Promise<Reply> {
    const cursor = query.cursor === undefined ? undefined : decodeNotificationCursor(query.cursor);
    if (query.cursor !== undefined && !cursor) return errorReply('CURSOR_INVALID');
    const { limit } = query;
    return this.answer(query, async (user) => {
      const marks = await user.marks();
      const asOf = cursor?.asOf ?? (await user.position());
      // One more group shows whether there is a next page.
      const page = new Page(limit + 1);
      // A later page may have rows that arrive after that is asked.
      const until = cursor ? UNKNOWN : await user.markedUntil();
      const counts = cursor ? undefined : new Counts(until);
      const isNeeded = (day: Microseconds) => !page.isFull || (counts?.isNeeded(day) ?? false);
      const isGroupNeeded = (mayBe: Unmarked) => !page.isFull || (counts?.isGroupNeeded(mayBe) ?? false);
      const asked = { marks: toReadMarks(marks), after: cursor?.after, asOf, isNeeded, isGroupNeeded, until };
      for await (const group of findGroups(user, asked)) {
        page.add(group);
        counts?.add(group);
        if (page.isFull && (!counts || counts.isDone)) break;
      }
      const shown = page.groups.slice(0, limit);
      const last = page.isFull ? shown.at(-1) : undefined;
      return {
        notifications: await toAnswer(user, shown),
        // The first page has read the groups to count anyway.
        ...(counts ? counts.answer : await unmarked(user, marks)),
        next_url: last ? encodeNotificationCursor({ after: last.newest, asOf }) : '',
        ...(query.positioned && { newer_url: encodeFeedPosition({ epoch: await user.epoch(), log: asOf }) }),
      };
    });
  }

  /** The notifications that have grown since a position, newest first; the rest is behind `newer_url`. */
  newer(query: NewerNotificationsQuery): Promise<Reply> {
    const { since, limit } = query;
    return this.answer(query, async (user) => {
      const [marks, epoch] = [await user.marks(), await user.epoch()];
      // An empty page is the last one.
      for (let from = since; ; ) {
        const events = user.newer(from, limit);
        if (typeof events === 'string') return events;
        from = encodeFeedPosition({ epoch, log: events.until });
        const groups = await newerGroups(user, marks, events);
        if (groups.length === 0 && !events.isLast) continue;
        const notifications = await toAnswer(user, groups);
        return { notifications, ...(await unmarked(user, marks)), next_url: '', newer_url: from };
      }
    });
  }

  /** What has become of groups that events have changed, and the counts. */
  current(reader: UserId, touched: ReadonlyMap<string, TouchedGroup>): Promise<CurrentGroups> {
    const firstDay = Math.min(...Array.from(touched.values(), ({ day }) => day));
    const isNeeded = (day: Microseconds) => day >= firstDay;
    return this.attempt({ reader, atLeast: [] }, async ({ user, mayHaveSeen }) => {
      const marks = await user.marks();
      const shown = new Map<string, FoundGroup>();
      if (touched.size > 0) {
        for await (const group of findGroups(user, { marks: toReadMarks(marks), isNeeded })) {
          if (touched.has(group.group)) shown.set(group.group, group);
        }
      }
      const gone = Array.from(touched).filter(([name, group]) => !shown.has(name) && mayHaveSeen(group));
      return {
        notifications: await toAnswer(user, [...shown.values()]),
        removed: gone.map(([name]) => name),
        counts: await unmarked(user, marks),
      };
    });
  }

  count(query: UnmarkedQuery): Promise<Reply> {
    return this.answer(query, async (user) => unmarked(user, await user.marks()));
  }

  /** What a user marks by naming notifications. */
  mark(query: MarkQuery): Promise<Reply> {
    const find = (user: NotifiedUser) => findMark(user, this.options.pool, query);
    return this.answer(query, async (user) => (await find(user)) ?? 'NOTIFICATION_NOT_FOUND');
  }

  private answer(query: UnmarkedQuery, find: (user: NotifiedUser) => Promise<object | ErrorCode>): Promise<Reply> {
    return this.attempt(query, async (found) => {
      const answer = await find(found.user);
      return typeof answer === 'string' ? errorReply(answer) : reply(answer, found.behind);
    });
  }

  private async attempt<Result>(query: UnmarkedQuery, read: (found: Found) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const found = await this.find(query);
      try {
        return await read(found);
      } catch (error) {
        // The next attempt reads such rows from the database.
        if (!(error instanceof RowEvicted) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async find(query: UnmarkedQuery): Promise<Found> {
    const { scope, pool, applied } = this.options;
    const { reader } = query;
    const clock = new WaitClock(query.waitLimit);
    const { index, view, behind } = await scope.ofReader(reader, query, clock);
    if (!index) {
      const user = storedUser(pool, reader, await readHiddenIds(pool, reader, 'unasked'));
      return { user, behind, mayHaveSeen: () => true };
    }
    const user = indexedUser(index, pool, reader, view, () => reachDatabase());
    const found: Found = { user, behind, mayHaveSeen: (group) => mayHaveSeen(index, view, group) };
    const reachDatabase = async () => {
      if (!(await applied.reach(query, clock))) found.behind = true;
    };
    return found;
  }
}

interface Found {
  user: NotifiedUser;
  /** May become true while rows are read. */
  behind: boolean;
  /** Whether the user may have seen the group before it was changed. What is hidden must not be revealed. */
  mayHaveSeen(group: TouchedGroup): boolean;
}

/** Of groups that events have changed. */
export interface CurrentGroups {
  /** Those that are shown, newest first. */
  readonly notifications: readonly NotificationGroup[];
  /** The names of those that are not shown any more. */
  readonly removed: readonly string[];
  readonly counts: UnmarkedGroups;
}

async function unmarked(user: NotifiedUser, marks: Marks): Promise<UnmarkedGroups> {
  const until = await user.markedUntil();
  const counts = new Counts(until);
  const unmarkedSince = Math.min(until.seen, until.read) as Microseconds;
  const isNeeded = (day: Microseconds) => counts.isNeeded(day);
  const isGroupNeeded = (mayBe: Unmarked) => counts.isGroupNeeded(mayBe);
  const asked = { marks: toReadMarks(marks), isNeeded, isGroupNeeded, until, unmarkedSince };
  for await (const group of findGroups(user, asked)) counts.add(group);
  return counts.answer;
}

class Page {
  readonly groups: FoundGroup[] = [];

  constructor(private readonly length: number) {}

  get isFull(): boolean {
    return this.groups.length === this.length;
  }

  add(group: FoundGroup): void {
    if (!this.isFull) this.groups.push(group);
  }
}

/** Counts groups that are not marked. Days where everything is marked are not needed, nor more than is counted. */
class Counts {
  private unseen = 0;
  private unread = 0;

  constructor(private readonly until: MarkedUntil) {}

  add({ seen, read }: Pick<FoundGroup, 'seen' | 'read'>): void {
    if (!seen) this.unseen++;
    if (!read) this.unread++;
  }

  get isDone(): boolean {
    return Math.min(this.unseen, this.unread) > NOTIFICATION_GROUPS_MAX;
  }

  isNeeded(day: Microseconds): boolean {
    const { seen, read } = this.until;
    const end = day + DAY;
    return this.isGroupNeeded({ unseen: end > seen, unread: end > read });
  }

  isGroupNeeded({ unseen, unread }: Unmarked): boolean {
    return (unseen && this.unseen <= NOTIFICATION_GROUPS_MAX) || (unread && this.unread <= NOTIFICATION_GROUPS_MAX);
  }

  get answer(): UnmarkedGroups {
    const { unseen, unread } = this;
    const atMost = (count: number) => Math.min(count, NOTIFICATION_GROUPS_MAX);
    const more = Math.max(unseen, unread) > NOTIFICATION_GROUPS_MAX;
    return { unseen: atMost(unseen), unread: atMost(unread), ...(more && { more }) };
  }
}

async function toAnswer(user: NotifiedUser, groups: readonly FoundGroup[]): Promise<NotificationGroup[]> {
  const names = await user.names([...new Set(groups.flatMap(({ actorIds }) => actorIds))]);
  return groups.map(({ actorIds, ...group }) =>
    toEntry(
      group,
      actorIds.flatMap((id) => names.get(id) ?? []),
    ),
  );
}

const reply = (answer: object, behind: boolean): Reply => ({
  status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok,
  payload: Buffer.from(JSON.stringify(answer)),
});

const toEntry = (
  { group, verb, objectType, objectId, commentId, shown, count, more, date, seen, read }: Omit<FoundGroup, 'actorIds'>,
  actor_names: string[],
): NotificationGroup => ({
  id: encodeCursor(shown),
  ...{ group, verb, object_type: objectType, object_id: objectId, comment_id: commentId, actor_names, count },
  ...(more && { more }),
  day: date,
  time: fromMicroseconds(shown.time),
  ...{ seen, read },
});
