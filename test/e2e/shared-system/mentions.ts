import type { ApiClient } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import type { System } from '../../harness/system';
import { readTopic } from '../../harness/topic-reader';
import { expectError } from '../expect-error';

const AUTHOR = 'mentions_author';

/** Declares the tests. */
export function testMentions(system: () => System): void {
  let author: ApiClient;
  /** The ids of users by name. */
  const ids: Record<string, number> = {};

  beforeAll(async () => {
    author = await system().as(AUTHOR);
    for (const name of [AUTHOR, 'lee', 'lee_dohm', 'nico']) ids[name] = (await (await system().as(name)).me()).id;
  });

  async function post(content: string): Promise<string> {
    return `post:${(await author.post('post', content)).body.object_id}`;
  }

  const mentionsOf = async (object: string) => (await author.get(`/objects/${object}`)).body.mentions;

  /** Data of the events about `object`, in their order. */
  async function published(object: string, count: number) {
    return eventually(`${count} events of ${object}`, async () => {
      const messages = await readTopic(`${system().id}.activity.events.v1`);
      const events = messages
        .map(({ value }) => JSON.parse(value))
        .filter((data) => `${data.object?.type}:${data.object?.id}` === object);
      return events.length >= count && events;
    });
  }

  const user = (name: string) => ({ id: ids[name], name });

  it('are shown with their places in UTF-16 units, and names of nobody are text', async () => {
    const object = await post('\u{1F44D} @Lee_Dohm, @nobody, x@lee.com, `@nico` and @lee.');
    const mentions = [
      { name: 'lee_dohm', start: 3, end: 12 },
      { name: 'lee', start: 46, end: 50 },
    ];
    expect(await mentionsOf(object)).toEqual(mentions);
    const { objects } = (await author.get(`/objects?names=${object}`)).body;
    expect(objects[0].mentions).toEqual(mentions);
    const expanded = await author.freshGet('/feed/my?limit=1&expand=objects');
    expect(expanded.body.objects[object].mentions).toEqual(mentions);
    const [posted] = await published(object, 1);
    expect(posted.mentions).toEqual([
      { user: user('lee_dohm'), start: 3, end: 12 },
      { user: user('lee'), start: 46, end: 50 },
    ]);
  });

  it('are those of the current version, and each user is to be notified once', async () => {
    const object = await post('@lee');
    await author.edit(object, `@nico @lee @${AUTHOR} @nico`);
    await author.edit(object, 'nobody');
    expect(await mentionsOf(object)).toEqual([]);
    await author.edit(object, '@lee_dohm and @nico');
    await author.delete(`/objects/${object}/history/2`);
    expect(await mentionsOf(object)).toEqual([
      { name: 'lee_dohm', start: 0, end: 9 },
      { name: 'nico', start: 14, end: 19 },
    ]);
    const events = await published(object, 5);
    const names = (users: { name: string }[] = []) => users.map(({ name }) => name);
    expect(
      events.map(
        ({ mentions = [], notify }: { mentions?: { user: { name: string } }[]; notify?: { name: string }[] }) => [
          names(mentions.map((mention) => mention.user)),
          names(notify),
        ],
      ),
    ).toEqual([
      [['lee'], []],
      [['nico', 'lee', AUTHOR, 'nico'], ['nico']],
      [[], []],
      [['lee_dohm', 'nico'], ['lee_dohm']],
      [['lee_dohm', 'nico'], []],
    ]);
    const { versions } = (await author.get(`/objects/${object}/history`)).body;
    expect(versions.map((version: object) => Object.keys(version))).toEqual(
      Array.from({ length: 3 }, () => ['version', 'content', 'time']),
    );
  });

  it('know users as soon as they are registered, and equal content still changes nothing', async () => {
    const content = '@late_comer';
    const object = await post(content);
    const there = author.at(system().address(1));
    await there.post('post', content);
    await system().as('late_comer');
    expect((await there.edit(object, content)).body.message).toBe('Not changed');
    expect(await mentionsOf(object)).toEqual([]);
    for (const client of [author, there]) {
      const { object_id } = (await client.post('post', content)).body;
      expect(await mentionsOf(`post:${object_id}`)).toEqual([{ name: 'late_comer', start: 0, end: 11 }]);
    }
  });

  it('that cannot be resolved are answered with 503 and not recorded; other contents are', async () => {
    const object = await post('before');
    await system().as('unmentioned');
    await system().services['social-graph'].end('SIGTERM');
    const content = '@unmentioned';
    expectError(await author.send('/post', { type: 'post', content }), 503, 'SERVICE_UNAVAILABLE');
    expectError(await author.send(`/objects/${object}`, { content }, 'PATCH'), 503, 'SERVICE_UNAVAILABLE');
    await author.edit(object, 'after, x@y.com');
    const last = await post('last');
    await system().services['social-graph'].start();
    const { versions } = (await author.get(`/objects/${object}/history`)).body;
    expect(versions.map((version: { content: string }) => version.content)).toEqual(['before', 'after, x@y.com']);
    const id = (name: string) => Number(name.slice('post:'.length));
    expect(id(last)).toBe(id(object) + 1);
    expect((await author.edit(object, content)).body.message).toBe('Object edited');
  });
}
