import { isDeepStrictEqual } from 'node:util';
import type { NotificationGroup, UnmarkedGroups } from '@activity-feed/contracts';
import { eventually } from '../harness/eventually';
import type { Notification } from './notification-model';
import type { WrittenWorld } from './written-world';

/** Compares what users are notified of with the model. Every read includes the newest writes. */
export class NotificationReads {
  constructor(private readonly world: WrittenWorld) {}

  /** In pages of `limit`: the list, and its counts on every page and alone. */
  async expectAsModel(names: readonly string[], limit: number): Promise<void> {
    const { model } = this.world;
    model.times = await this.world.times();
    await this.world.feedHasAll();
    for (const name of names) {
      const { unseen, unread } = model.notifications.count(name);
      const counts = { unseen: unseen.count, unread: unread.count };
      const expected = { counts, listed: model.notifications.list(name).map(withoutPlace) };
      // No token reports the requests of others, which a reader may lack for a moment.
      await eventually('the reader has all requests', async () =>
        isDeepStrictEqual(await this.readAll(name, limit), expected),
      ).catch(() => undefined);
      expect({ name, ...(await this.readAll(name, limit)) }).toEqual({ name, ...expected });
    }
  }

  /** The list, and its counts, which must be the same alone and on every page. */
  private async readAll(name: string, limit: number) {
    const counts = await this.read(name, '/notifications/count');
    const listed: NotificationGroup[] = [];
    for (let path = `/notifications?limit=${limit}`; path !== ''; ) {
      const { notifications, next_url, newer_url: _, ...rest } = await this.read(name, path);
      if (!isDeepStrictEqual(rest, counts)) return { counts: rest, listed: listed.map(toModel) };
      listed.push(...notifications);
      path = next_url;
    }
    return { counts, listed: listed.map(toModel) };
  }

  private async read(name: string, path: string): Promise<NotificationsAnswer> {
    const { status, body } = await this.world.reader(name).freshGet(path, this.world.newest);
    expect({ path, status }).toEqual({ path, status: 200 });
    return body as unknown as NotificationsAnswer;
  }
}

interface NotificationsAnswer extends UnmarkedGroups {
  notifications: NotificationGroup[];
  next_url: string;
  newer_url: string;
}

export const withoutPlace = ({ position: _, place: __, ...notification }: Notification) => notification;

export const toModel = ({
  group,
  verb,
  object_type,
  object_id,
  comment_id,
  actor_names,
  count,
  more,
  day,
  seen,
  read,
}: NotificationGroup): Omit<Notification, 'position' | 'place'> => ({
  ...{ group, verb, day, seen, read, actors: actor_names },
  object: object_type === null ? null : `${object_type}:${object_id}`,
  comment: comment_id === null ? null : `comment:${comment_id}`,
  count: { count, more: more ?? false },
});
