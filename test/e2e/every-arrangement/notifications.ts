import { withConnection } from '@activity-feed/backend';
import { MARKED_GROUPS_MAX, type NotificationGroup } from '@activity-feed/contracts';
import { type ApiAnswer, type ApiClient, request, untilCarriedOut } from '../../harness/api-client';
import type { System } from '../../harness/system';
import { readTopic } from '../../harness/topic-reader';
import { expectError } from '../expect-error';

/** Gives a user marks of as many groups as can be. */
const MARK_GROUPS = `
UPDATE marks SET data = data || jsonb_build_object('groups', (
  SELECT jsonb_agg(jsonb_build_object('group', 'like:photo:' || (1000000 + n) || ':2019-02-10', 'until', data -> 'seen'))
  FROM generate_series(1, ${MARKED_GROUPS_MAX}) AS n)) WHERE stream = $1`;

/** Declares the tests. What is shown, and what is hidden, the random worlds and the tests of hidden users compare. */
export function testNotifications(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;
  let photos: string[];
  /** Of what others wrote: every reader must have it. */
  let tokens: string[];

  beforeEach(async () => {
    tokens = [];
    const { currentTestName = '' } = expect.getState();
    const number = [...currentTestName].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 1_000_000, 0);
    author = await system().as(`notified_${number}`);
    fan = await system().as(`notified_fan_${number}`);
    photos = [await author.photo(), await author.photo()];
  });

  const idOf = (photo: string) => Number(photo.slice('photo:'.length));
  /** Through the other gateway. */
  const read = async (path: string, gateway = 1) => {
    const reader = author.at(system().address(gateway));
    return (await (tokens.length > 0 ? reader.presenting(tokens.join()) : reader).freshGet(path)).body;
  };
  const note = (...writes: ApiAnswer[]) =>
    tokens.push(...writes.map(({ headers }) => headers.get('consistency-token') as string));
  const list = async (...writes: ApiAnswer[]): Promise<NotificationGroup[]> => {
    note(...writes);
    return (await read('/notifications')).notifications;
  };
  const counts = () => read('/notifications/count');
  const mark = (path: 'seen' | 'read', body: object) =>
    untilCarriedOut(() =>
      request(system().address(), `/notifications/${path}`, {
        method: 'POST',
        headers: {
          ...{ 'x-app-key': author.key, 'content-type': 'application/json' },
          ...(tokens.length > 0 && { 'consistency-token': tokens.join() }),
        },
        body: JSON.stringify(body),
      }),
    );
  const marks = async () => (await list()).map(({ object_id, seen, read }) => [object_id, seen, read]);

  it('are grouped, counted and expanded', async () => {
    await fan.like(photos[0] as string);
    await fan.comment(photos[0] as string, 'Nice');
    const last = await fan.like(photos[1] as string);
    const found = await list(last);
    expect(found.map(({ verb, object_id, count }) => [verb, object_id, count])).toEqual([
      ['like', idOf(photos[1] as string), 1],
      ['comment', idOf(photos[0] as string), 1],
      ['like', idOf(photos[0] as string), 1],
    ]);
    const body = await read('/notifications?limit=2&expand=objects', 0);
    expect(Object.keys(body.objects)).toEqual([photos[1], photos[0], `comment:${found[1]?.comment_id}`]);
    expect({ ...body, objects: 0 }).toMatchObject({ unseen: 3, unread: 3, notifications: found.slice(0, 2) });
    expect((await read(body.next_url)).notifications).toEqual(found.slice(2));
  });

  it('are marked at once for every gateway, and not what comes later', async () => {
    await list(await fan.like(photos[0] as string), await fan.like(photos[1] as string));
    expect(await counts()).toEqual({ unseen: 2, unread: 2 });
    expect((await mark('seen', {})).body).toEqual({ unseen: 0, unread: 2 });
    expect(await counts()).toEqual({ unseen: 0, unread: 2 });
    const [newest] = (await list()) as [NotificationGroup];
    expect((await mark('read', { ids: [newest.id] })).body).toEqual({ unseen: 0, unread: 1 });
    expect(await marks()).toEqual([
      [idOf(photos[1] as string), true, true],
      [idOf(photos[0] as string), true, false],
    ]);
    const another = await system().as(`${(await fan.me()).name}_2`);
    await list(await another.like(photos[1] as string));
    expect(await counts()).toEqual({ unseen: 1, unread: 2 });
    expect((await mark('read', {})).body).toEqual({ unseen: 1, unread: 0 });
  });

  it('are marked from one on, whichever device does so first', async () => {
    await list(await fan.like(photos[0] as string), await fan.like(photos[1] as string));
    const [newest, older] = (await list()) as [NotificationGroup, NotificationGroup];
    expect((await mark('seen', { until: older.id })).body).toEqual({ unseen: 1, unread: 2 });
    expect((await mark('read', { until: newest.id })).body).toEqual({ unseen: 1, unread: 0 });
    expect((await mark('seen', { until: newest.id })).body).toEqual({ unseen: 0, unread: 0 });
    // What another device sends late changes nothing.
    expect((await mark('seen', { until: older.id })).body).toEqual({ unseen: 0, unread: 0 });
  });

  it('can be marked when they are gone', async () => {
    await list(await fan.like(photos[0] as string));
    const [{ id }] = (await list()) as [NotificationGroup];
    expect(await list(await fan.unlike(photos[0] as string))).toEqual([]);
    expect((await mark('read', { ids: [id, id] })).body).toEqual({ unseen: 0, unread: 0 });
    expect((await mark('seen', { until: id })).body).toEqual({ unseen: 0, unread: 0 });
  });

  it('can be marked beside as many groups as are kept', async () => {
    await list(await fan.like(photos[0] as string));
    const [{ id }] = (await list()) as [NotificationGroup];
    const { headers } = await mark('seen', {});
    const stream = Number((headers.get('consistency-token') as string).split('.')[1]);
    await withConnection({ connectionString: system().databases.activity }, (client) =>
      client.query(MARK_GROUPS, [stream]),
    );
    expect((await mark('read', { ids: [id] })).body).toEqual({ unseen: 0, unread: 0 });
  });

  it.each<[path: 'seen' | 'read', body: unknown, status: number, code: string]>([
    ['seen', { until: 'x' }, 404, 'NOTIFICATION_NOT_FOUND'],
    ['seen', { until: 'A'.repeat(32) }, 404, 'NOTIFICATION_NOT_FOUND'],
    ['seen', { until: 5 }, 400, 'NOTIFICATIONS_INVALID'],
    ['seen', { until: null }, 400, 'NOTIFICATIONS_INVALID'],
    ['seen', { ids: ['x'] }, 400, 'NOTIFICATIONS_INVALID'],
    ['seen', { until: 'A'.repeat(66_000) }, 404, 'NOTIFICATION_NOT_FOUND'],
    ['read', { id: 'x' }, 400, 'NOTIFICATIONS_INVALID'],
    ['read', { ids: ['x'] }, 404, 'NOTIFICATION_NOT_FOUND'],
    ['read', { ids: [] }, 400, 'NOTIFICATIONS_INVALID'],
    ['read', { ids: 'x' }, 400, 'NOTIFICATIONS_INVALID'],
    ['read', { ids: new Array(201).fill('x') }, 400, 'NOTIFICATIONS_INVALID'],
    ['read', { ids: ['x'], until: 'x' }, 400, 'NOTIFICATIONS_INVALID'],
    ['read', [], 400, 'NOTIFICATIONS_INVALID'],
  ])('are not marked by POST /notifications/%s %j', async (path, body, status, code) => {
    await list(await fan.like(photos[0] as string));
    expectError(await author.send(`/notifications/${path}`, body), status, code as never);
    expect(await counts()).toEqual({ unseen: 1, unread: 1 });
  });

  it.each(['limit=0', 'cursor=x', 'cursor=AAWBirbZ8HUBaA2S-XRwAIAAAAAAAAAQ.AQ', 'expand=x'])(
    'are not read with ?%s',
    async (query) => {
      const code = `${(query.split('=')[0] as string).toUpperCase()}_INVALID`;
      expectError(await author.get(`/notifications?${query}`), 400, code as never);
    },
  );

  it('have their marks in a topic that keeps the last of each user', async () => {
    await list(await fan.like(photos[0] as string));
    const { headers } = await mark('seen', {});
    const [, stream, version] = (headers.get('consistency-token') as string).split('.');
    const messages = await readTopic(`${system().id}.activity.marks.v1`);
    const last = messages.findLast(({ key }) => key === stream);
    expect(last?.headers).toMatchObject({ ce_type: 'activity.marks-moved.v1', ce_streamversion: version });
    expect(JSON.parse(last?.value as string)).toMatchObject({ seen: expect.any(String), read: null, groups: [] });
  });
}
