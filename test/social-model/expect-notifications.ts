import type { NotificationGroup, UnmarkedGroups } from '@activity-feed/contracts';
import type { Notification } from './notification-model';
import type { WrittenWorld } from './written-world';

/** Compares what users are notified of with the model. Every read includes the newest writes. */
export class NotificationReads {
  constructor(private readonly world: WrittenWorld) {}

  /** In pages of `limit`: the list, and its counts on every page and alone. */
  async expectAsModel(names: readonly string[], limit: number): Promise<void> {
    const { model } = this.world;
    model.times = await this.world.times();
    // No token reports the requests of others.
    await this.world.feedHasAll();
    for (const name of names) {
      const { unseen, unread } = model.notifications.count(name);
      const counts = { unseen: unseen.count, unread: unread.count };
      expect(await this.read(name, '/notifications/count')).toEqual(counts);
      const found: NotificationGroup[] = [];
      for (let path = `/notifications?limit=${limit}`; path !== ''; ) {
        const { notifications, next_url, ...rest } = await this.read(name, path);
        expect(rest).toEqual(counts);
        expect(notifications.length).toBeLessThanOrEqual(limit);
        found.push(...notifications);
        path = next_url;
      }
      expect({ name, found: found.map(toModel) }).toEqual({
        name,
        found: model.notifications.list(name).map(withoutPlace),
      });
      expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    }
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
}

const withoutPlace = ({ position: _, place: __, ...notification }: Notification) => notification;

const toModel = ({
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
