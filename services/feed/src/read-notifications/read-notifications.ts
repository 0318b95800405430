import {
  FEED_STATUSES,
  fromMicroseconds,
  type MarkQuery,
  mergeMarks,
  NO_MARKS,
  NOTIFICATION_GROUPS_MAX,
  type NotificationGroup,
  type NotificationsQuery,
  type RequiredVersions,
  type UnmarkedGroups,
  type UnmarkedQuery,
  type UnmarkedWithQuery,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import { readHiddenIds } from '../hypertable/hidden-ids';
import { encodeCursor } from '../page/page-cursor';
import type { AppliedVersions } from '../read-own-writes/applied-versions';
import { WaitClock } from '../read-own-writes/wait-clock';
import { errorReply } from '../read-scope/error-reply';
import { decodeNotificationCursor, encodeNotificationCursor } from './notification-cursor';
import type { FoundGroup } from './notification-groups';
import { type GroupsAsked, storedGroups } from './stored-groups';
import { storedMark } from './stored-mark';
import { readMarks, toReadMarks } from './stored-marks';
import { readLogPosition } from './stored-rows';

export interface ReadNotificationsOptions {
  pool: Pool;
  applied: Pick<AppliedVersions, 'reach'>;
}

const NAMES = 'SELECT id, name FROM users WHERE id = ANY ($1::int[])';

/** Answers what others did about a user: pages of groups, and how many of these are not seen or not read. */
export class ReadNotifications {
  constructor(private readonly options: ReadNotificationsOptions) {}

  async page(query: NotificationsQuery): Promise<Reply> {
    const { pool } = this.options;
    const cursor = query.cursor === undefined ? undefined : decodeNotificationCursor(query.cursor);
    if (query.cursor !== undefined && !cursor) return errorReply('CURSOR_INVALID');
    const { reader: user, limit } = query;
    const behind = !(await this.reach(query));
    const hidden = await readHiddenIds(pool, user, 'unasked');
    const marks = toReadMarks(await readMarks(pool, user));
    const asOf = cursor?.asOf ?? (await readLogPosition(pool));
    const found: FoundGroup[] = [];
    for await (const group of storedGroups(pool, { user, hidden, marks, after: cursor?.after, asOf })) {
      found.push(group);
      // One more group shows whether there is a next page.
      if (found.length > limit) break;
    }
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const payload = {
      notifications: await this.toAnswer(shown),
      ...(await this.unmarked({ user, hidden, marks })),
      next_url: last ? encodeNotificationCursor({ after: last.newest, asOf }) : '',
    };
    return reply(payload, behind);
  }

  async count(query: UnmarkedQuery): Promise<Reply> {
    return this.countWith({ ...query, marks: NO_MARKS });
  }

  /** With the given marks, which the database may not have yet. */
  async countWith(query: UnmarkedWithQuery): Promise<Reply> {
    const { pool } = this.options;
    const { reader: user } = query;
    const behind = !(await this.reach(query));
    const hidden = await readHiddenIds(pool, user, 'unasked');
    const marks = toReadMarks(mergeMarks(await readMarks(pool, user), query.marks));
    return reply(await this.unmarked({ user, hidden, marks }), behind);
  }

  /** What a user marks by naming notifications. */
  async mark(query: MarkQuery): Promise<Reply> {
    const { pool } = this.options;
    const { reader: user, until, ids } = query;
    const behind = !(await this.reach(query));
    const hidden = await readHiddenIds(pool, user, 'unasked');
    const mark = await storedMark(pool, { user, hidden, until, ids });
    return mark ? reply(mark, behind) : errorReply('NOTIFICATION_NOT_FOUND');
  }

  private reach(query: RequiredVersions): Promise<boolean> {
    return this.options.applied.reach(query, new WaitClock(query.waitLimit));
  }

  private async unmarked(asked: GroupsAsked): Promise<UnmarkedGroups> {
    let [unseen, unread] = [0, 0];
    for await (const { seen, read } of storedGroups(this.options.pool, asked)) {
      if (!seen) unseen++;
      if (!read) unread++;
      if (Math.min(unseen, unread) > NOTIFICATION_GROUPS_MAX) break;
    }
    const more = Math.max(unseen, unread) > NOTIFICATION_GROUPS_MAX;
    const [most, ofRead] = [unseen, unread].map((count) => Math.min(count, NOTIFICATION_GROUPS_MAX)) as [
      number,
      number,
    ];
    return { unseen: most, unread: ofRead, ...(more && { more }) };
  }

  private async toAnswer(groups: readonly FoundGroup[]): Promise<NotificationGroup[]> {
    const ids = [...new Set(groups.flatMap(({ actorIds }) => actorIds))];
    const { rows } = await this.options.pool.query<{ id: number; name: string }>(NAMES, [ids]);
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    return groups.map(({ actorIds, ...group }) =>
      toEntry(
        group,
        actorIds.map((id) => names.get(id) as string),
      ),
    );
  }
}

const reply = (answer: object, behind: boolean): Reply => ({
  status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok,
  payload: Buffer.from(JSON.stringify(answer)),
});

const toEntry = (
  { group, verb, objectType, objectId, commentId, shown, count, more, day, seen, read }: Omit<FoundGroup, 'actorIds'>,
  actor_names: string[],
): NotificationGroup => ({
  id: encodeCursor(shown),
  ...{ group, verb, object_type: objectType, object_id: objectId, comment_id: commentId, actor_names, count },
  ...(more && { more }),
  day: fromMicroseconds(day).slice(0, 10),
  time: fromMicroseconds(shown.time),
  ...{ seen, read },
});
