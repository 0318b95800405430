import { EventSource } from 'undici';
import { type ApiAnswer, type ApiClient, request } from '../../harness/api-client';
import { EventStream, type ReceivedEvent } from '../../harness/event-stream';
import { eventually } from '../../harness/eventually';
import { ADMIN_KEY, type System } from '../../harness/system';
import { expectError } from '../expect-error';

/** Declares the tests. That nothing is lost or repeated streams.e2e-spec compares. */
export function testStreams(system: () => System): void {
  let author: ApiClient;
  let fan: ApiClient;
  let number = 0;
  const open: EventStream[] = [];

  beforeEach(async () => {
    [author, fan] = [await system().as(`stream_author_${++number}`), await system().as(`stream_fan_${number}`)];
    await fan.follow(`stream_author_${number}`);
  });
  afterEach(() => {
    for (const stream of open.splice(0)) stream.close();
  });

  const stream = async (
    client: ApiClient,
    list: 'feed/friends' | 'notifications',
    { gateway = 1, since = '' } = {},
  ): Promise<EventStream> => {
    const headers = { 'x-app-key': client.key, ...(since && { 'last-event-id': since }) };
    const opened = await EventStream.open(`${system().address(gateway)}/${list}/stream`, headers);
    open.push(opened);
    return opened;
  };
  const idOf = ({ body }: ApiAnswer) => body.object_id as number;
  const isEntry = (id: number) => (one: ReceivedEvent) => one.event === 'entry' && one.data.object_id === id;
  const named = (name: string) => (one: ReceivedEvent) => one.event === name;
  const followed = async (): Promise<EventStream> => {
    const opened = await stream(fan, 'feed/friends');
    await opened.until('it is open', named('position'));
    return opened;
  };

  it('begin with their position, and then have each entry as it is in the feed', async () => {
    const friends = await followed();
    expect(friends.status).toBe(200);
    expect(friends.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(friends.response.headers.get('cache-control')).toContain('no-transform');
    const post = await author.post('post', 'now');
    const entry = await friends.until('the post arrives', isEntry(idOf(post)));
    const { body } = await fan.after(post).freshGet('/feed/friends?limit=1');
    expect(entry.data).toEqual(body.friends_feed[0]);
    const [position] = friends.events as [ReceivedEvent];
    expect(position.data.newer_url).toBe(`/feed/friends?since=${position.id}`);
    expect((await fan.after(post).freshGet(position.data.newer_url)).body.friends_feed).toEqual([entry.data]);
    expect(friends.retry).toBeGreaterThanOrEqual(1_000);
    expect(friends.beats).toBeGreaterThan(0);
    // An id is a position like that of a page.
    const { body: since } = await fan.after(post).freshGet(`/feed/friends?since=${entry.id}`);
    expect(since.friends_feed).toEqual([]);
  });

  it('report what is taken back and deleted, and that a restore, a follow, a mute and a block need a new page', async () => {
    const friends = await followed();
    const photo = await fan.photo();
    await author.like(photo);
    const liked = await friends.until(
      'the like arrives',
      ({ event, data }) => event === 'entry' && data.verb === 'like',
    );
    await author.unlike(photo);
    const removed = await friends.until('the like is taken back', named('removed'));
    const { actor_name, verb, time } = liked.data;
    expect(removed.data).toEqual({ actor_name, verb, time });
    const post = `post:${idOf(await author.post('post', 'gone'))}`;
    await author.remove(post);
    await friends.until('the post is deleted', ({ event, data }) => event === 'removed' && data.object === post);
    const isStale = (count: number) =>
      eventually('the feed is stale', () => friends.events.filter(named('stale')).length === count);
    await author.restore(post);
    await isStale(1);
    await fan.follow('nico');
    await isStale(2);
    await fan.send('/mute', { mute: 'nico' });
    await isStale(3);
    // Whoever is blocked loses entries too.
    await author.send('/block', { block: `stream_fan_${number}` });
    await eventually('the feed is stale', () => friends.events.filter(named('stale')).length >= 4);
    const last = friends.events.length;
    const after = await author.post('post', 'hidden');
    await fan.after(after).freshGet('/feed/friends');
    expect(friends.events.slice(last).filter(named('entry'))).toEqual([]);
  });

  it('have notifications with their groups and counts', async () => {
    const photo = await author.photo();
    const notified = await stream(author, 'notifications');
    const isCount =
      (unseen: number, unread: number) =>
      ({ event, data }: ReceivedEvent) =>
        event === 'count' && data.unseen === unseen && data.unread === unread;
    // The follow may reach the reader only after the stream is open.
    await notified.until('the follow is counted', isCount(1, 1));
    expect(notified.events.slice(0, 2).map(({ event }) => event)).toEqual(['position', 'count']);
    const like = await fan.like(photo);
    const group = await notified.until(
      'the like arrives',
      ({ event, data }) => event === 'notification' && data.verb === 'like',
    );
    const { body } = await author.after(like).freshGet('/notifications?limit=1');
    expect(group.data).toEqual(body.notifications[0]);
    await notified.until('the like is counted', isCount(2, 2));
    // Marks all that the asked reader has: another one than the stream's may have the like a moment later.
    const markAll = async () => (await author.send('/notifications/seen', {})).body.unseen === 0;
    await eventually('both are marked', markAll);
    await notified.until('both are seen', isCount(0, 2));
    await fan.unlike(photo);
    const removed = await notified.until('the like is taken back', named('removed'));
    expect(removed.data).toEqual({ group: group.data.group });
    await notified.until('it is not counted any more', isCount(0, 1));
    await fan.comment(photo, 'Hello');
    const comment = await notified.until(
      'the comment arrives',
      ({ event, data }) => event === 'notification' && data.verb === 'comment',
    );
    await author.remove(photo);
    await notified.until(
      'the photo is deleted',
      ({ event, data }) => event === 'removed' && data.group === comment.data.group,
    );
    // Whoever resumes gets what has changed, as it is now.
    const resumed = await stream(author, 'notifications', { gateway: 0, since: group.id });
    await resumed.until('the counts arrive', named('count'));
    expect(resumed.events.map(({ event }) => event)).not.toContain('position');
    expect(resumed.events.filter(named('notification')).map(({ data }) => data.group)).not.toContain(
      comment.data.group,
    );
  });

  it('resume at another gateway where they ended, from the header or the URL', async () => {
    const friends = await followed();
    const first = await author.post('post', 'first');
    const { id } = await friends.until('it arrives', isEntry(idOf(first)));
    friends.close();
    const posts = [await author.post('post', 'second'), await author.post('post', 'third')];
    const photo = await fan.photo();
    await author.like(photo);
    await author.unlike(photo);
    for (const gateway of [0, 1]) {
      const resumed = await stream(fan, 'feed/friends', { gateway, since: id as string });
      await resumed.until('all have arrived', named('removed'));
      // The like is there if the reader was behind.
      const entries = resumed.events.filter(({ event, data }) => event === 'entry' && data.verb === 'post');
      expect(entries.map(({ data }) => data.object_id)).toEqual(posts.map(idOf));
      expect(resumed.events[0]?.event).toBe('entry');
    }
    const url = `${system().address()}/feed/friends/stream?last_event_id=${id}`;
    const byUrl = await EventStream.open(url, { 'x-app-key': fan.key });
    open.push(byUrl);
    await byUrl.until('it resumes', isEntry(idOf(posts[1] as ApiAnswer)));
  });

  it('are stale for a position of another log, and refuse what is no position', async () => {
    const friends = await followed();
    const [, log = ''] = (friends.lastId ?? '').split('.');
    const gone = await stream(fan, 'feed/friends', { since: `1.${log}` });
    await gone.until('it is stale', named('stale'));
    const post = await author.post('post', 'after');
    await gone.until('it continues', isEntry(idOf(post)));
    const refused = (query: string) => fan.get(`/feed/friends/stream${query}`);
    expectError(await refused('?last_event_id=abc'), 400, 'POSITION_INVALID');
    expectError(await refused('?last_event_id=a&last_event_id=b'), 400, 'POSITION_INVALID');
    expectError(await request(system().address(), '/feed/friends/stream'), 400, 'KEY_MISSING');
    const { status } = await fetch(`${system().address()}/feed/friends/stream`, {
      method: 'HEAD',
      headers: { 'x-app-key': fan.key },
    });
    expect(status).toBe(200);
  });

  it('are opened with a ticket, once, by an EventSource', async () => {
    const { body } = await fan.send('/tickets', {});
    expect(Date.parse(body.expires_at) - Date.now()).toBeLessThanOrEqual(30_000);
    const url = `${system().address(1)}/feed/friends/stream?ticket=${body.ticket}`;
    const source = new EventSource(url);
    const entries: MessageEvent[] = [];
    source.addEventListener('entry', (event) => entries.push(event as MessageEvent));
    const isOpen = Promise.withResolvers<void>();
    source.addEventListener('position', () => isOpen.resolve());
    await isOpen.promise;
    const post = await author.post('post', 'to a browser');
    await eventually('it arrives', () => entries.length > 0);
    source.close();
    expect(JSON.parse(entries[0]?.data)).toMatchObject({ object_id: idOf(post), verb: 'post' });
    expectError(await request(url, ''), 401, 'TICKET_INVALID');
    for (const ticket of ['', 'abc', 'A'.repeat(32)]) {
      expectError(await request(system().address(), `/notifications/stream?ticket=${ticket}`), 401, 'TICKET_INVALID');
    }
    // Elsewhere it is no key.
    const other = (await fan.send('/tickets', {})).body.ticket;
    expectError(await request(system().address(), `/feed/friends?ticket=${other}`), 400, 'KEY_MISSING');
  });

  it('end when their user is suspended, at every gateway', async () => {
    const name = `stream_fan_${number}`;
    const streams = [await followed(), await stream(fan, 'notifications', { gateway: 0 })];
    const admin = (action: string) =>
      request(system().address(), `/users/${name}/${action}`, {
        method: 'POST',
        headers: { 'x-admin-key': ADMIN_KEY, 'content-type': 'application/json' },
        body: '{}',
      });
    expect((await admin('suspend')).status).toBe(200);
    await Promise.all(streams.map((one) => one.ended()));
    expectError(await fan.get('/feed/friends/stream'), 403, 'USER_SUSPENDED');
    expect((await admin('reinstate')).status).toBe(200);
    // A reader may learn of it a moment later.
    await eventually('it is open again', async () => (await stream(fan, 'feed/friends')).status === 200);
  });
}
