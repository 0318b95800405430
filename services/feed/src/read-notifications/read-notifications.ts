import {
  FEED_STATUSES,
  fromMicroseconds,
  NOTIFICATION_GROUPS_MAX,
  type NotificationGroup,
  type NotificationsQuery,
  type UnmarkedGroups,
  type UnmarkedQuery,
  type UserId,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import type { Pool } from 'pg';
import type { HiddenIds } from '../activity/hiding';
import { readHiddenIds } from '../hypertable/hidden-ids';
import { encodeCursor } from '../page/page-cursor';
import type { AppliedVersions } from '../read-own-writes/applied-versions';
import { WaitClock } from '../read-own-writes/wait-clock';
import { errorReply } from '../read-scope/error-reply';
import { decodeNotificationCursor, encodeNotificationCursor } from './notification-cursor';
import type { FoundGroup, Marks } from './notification-groups';
import { storedGroups } from './stored-groups';
import { readLogPosition } from './stored-rows';

export interface ReadNotificationsOptions {
  pool: Pool;
  applied: Pick<AppliedVersions, 'reach'>;
}

const NAMES = 'SELECT id, name FROM users WHERE id = ANY ($1::int[])';

const NO_MARKS: Marks = { seen: undefined, read: undefined, readOf: new Map() };

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
    const asOf = cursor?.asOf ?? (await readLogPosition(pool));
    const found: FoundGroup[] = [];
    for await (const group of storedGroups(pool, { user, hidden, marks: NO_MARKS, after: cursor?.after, asOf })) {
      found.push(group);
      // One more group shows whether there is a next page.
      if (found.length > limit) break;
    }
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const payload = {
      notifications: await this.toAnswer(shown),
      ...(await this.unmarked(user, hidden)),
      next_url: last ? encodeNotificationCursor({ after: last.newest, asOf }) : '',
    };
    return reply(payload, behind);
  }

  async count(query: UnmarkedQuery): Promise<Reply> {
    const behind = !(await this.reach(query));
    const hidden = await readHiddenIds(this.options.pool, query.reader, 'unasked');
    return reply(await this.unmarked(query.reader, hidden), behind);
  }

  private reach(query: UnmarkedQuery): Promise<boolean> {
    return this.options.applied.reach(query, new WaitClock(query.waitLimit));
  }

  private async unmarked(user: UserId, hidden: HiddenIds | undefined): Promise<UnmarkedGroups> {
    let [unseen, unread] = [0, 0];
    for await (const { seen, read } of storedGroups(this.options.pool, { user, hidden, marks: NO_MARKS })) {
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
