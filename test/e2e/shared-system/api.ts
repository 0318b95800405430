import type { ApiClient } from '../../harness/api-client';
import { eventually } from '../../harness/eventually';
import type { System } from '../../harness/system';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;

/** Declares the tests. */
export function testApi(system: () => System): void {
  let ivan: ApiClient;
  let nico: ApiClient;

  beforeAll(async () => {
    ivan = await system().as('ivan');
    nico = await system().as('nico');
  });

  it('returns the user of the key', async () => {
    expect(await ivan.me()).toEqual({
      id: 1,
      name: 'ivan',
      auth_token: 'abc123',
      follow_ids: [],
      private: false,
      created_at: expect.stringMatching(TIME),
      updated_at: expect.stringMatching(TIME),
    });
    expect(await nico.me()).toMatchObject({ id: 2, name: 'nico' });
    expect(await (await system().as('eric')).me()).toMatchObject({ id: 3, name: 'eric' });
  });

  it('records posts and photos, each with ids from 1', async () => {
    const author = await system().as('api_author');
    const answers = [];
    for (const type of ['post', 'photo', 'post', 'photo'] as const)
      answers.push((await author.post(type, 'text')).body);
    expect(answers).toEqual([
      { type: 'post', object_id: 1, message: 'Activity recorded' },
      { type: 'photo', object_id: 1, message: 'Activity recorded' },
      { type: 'post', object_id: 2, message: 'Activity recorded' },
      { type: 'photo', object_id: 2, message: 'Activity recorded' },
    ]);
  });

  it('records a like once and every share', async () => {
    const { body } = await nico.post('photo', 'to be liked');
    const photo = `photo:${body.object_id}`;
    expect((await ivan.like(photo)).body).toEqual({ verb: 'like', message: 'Activity recorded' });
    expect((await ivan.like(photo)).body).toEqual({ verb: 'like', message: 'Already liked' });
    expect((await ivan.share(photo)).body).toEqual({ verb: 'share', message: 'Activity recorded' });
    expect((await ivan.share(photo)).body).toEqual({ verb: 'share', message: 'Activity recorded' });
    const entries = await ivan.myFeed();
    expect(entries.map(({ verb }) => verb)).toEqual(['share', 'share', 'like']);
    expect(entries[2]).toEqual({
      actor_name: 'ivan',
      verb: 'like',
      object_id: body.object_id,
      object_type: 'photo',
      target_name: 'nico',
      time: expect.stringMatching(TIME),
    });
  });

  it('follows and unfollows through either route', async () => {
    const fan = await system().as('api_fan');
    expect((await fan.follow('nico')).body).toEqual({ verb: 'follow', message: 'User followed' });
    expect((await fan.follow('NiCo')).body).toEqual({ verb: 'follow', message: 'Already followed' });
    const following = await fan.me();
    expect(following.follow_ids).toEqual([2]);
    expect(following.updated_at > following.created_at).toBe(true);
    expect((await fan.unfollow('nico')).body).toEqual({ verb: 'unfollow', message: 'User unfollowed' });
    expect((await fan.unfollow('nico')).body).toEqual({ verb: 'unfollow', message: 'Not followed' });
    await fan.follow('ivan');
    const byTheOtherRoute = await fan.send('/follow', { unfollow: 'Ivan' });
    expect(byTheOtherRoute.body).toEqual({ verb: 'unfollow', message: 'User unfollowed' });
    expect((await fan.send('/follow', { unfollow: 'ivan' })).body).toEqual({
      verb: 'unfollow',
      message: 'Not followed',
    });
    expect((await fan.me()).follow_ids).toEqual([]);

    expect((await fan.myFeed()).map(({ verb, target_name }) => [verb, target_name])).toEqual([
      ['unfollow', 'ivan'],
      ['follow', 'ivan'],
      ['unfollow', 'nico'],
      ['follow', 'nico'],
    ]);
  });

  it('returns all five verbs in both feeds, with every field', async () => {
    const actor = await system().as('all.verbs');
    const { body } = await actor.post('post', 'mine');
    await actor.like(`post:${body.object_id}`);
    await actor.share(`post:${body.object_id}`);
    await actor.follow('eric');
    await actor.unfollow('eric');
    const reader = await system().as('api_reader');
    await reader.follow('all.verbs');
    const object = { object_id: body.object_id, object_type: 'post' };
    const none = { object_id: null, object_type: null };
    const entry = { actor_name: 'all.verbs', time: expect.stringMatching(TIME) };
    const expected = [
      { ...entry, verb: 'unfollow', ...none, target_name: 'eric' },
      { ...entry, verb: 'follow', ...none, target_name: 'eric' },
      { ...entry, verb: 'share', ...object, target_name: 'all.verbs' },
      { ...entry, verb: 'like', ...object, target_name: 'all.verbs' },
      { ...entry, verb: 'post', ...object, target_name: null },
    ];
    expect(await actor.myFeed()).toEqual(expected);
    expect(await reader.friendsFeed()).toEqual(expected);
  });

  it('preserves the text of a post exactly', async () => {
    const content = `"quotes" \\ \u{1F44D} 𝄞 é\n\t${'𝄞'.repeat(9_000)}`;
    const answer = await ivan.send('/post', { type: 'post', content });
    expect(answer.status).toBe(200);
  });

  it('serves its OpenAPI document', async () => {
    const { body } = await ivan.get('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const routes = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual([
      'DELETE /me/keys/{id}',
      'DELETE /objects/{object}',
      'DELETE /objects/{object}/history/{version}',
      'DELETE /users/{name}/keys',
      'GET /feed/friends',
      'GET /feed/friends/stream',
      'GET /feed/friends/summary',
      'GET /feed/my',
      'GET /feed/my/summary',
      'GET /health/live',
      'GET /health/ready',
      'GET /me',
      'GET /me/blocks',
      'GET /me/keys',
      'GET /me/mutes',
      'GET /me/position',
      'GET /me/requested',
      'GET /me/requests',
      'GET /notifications',
      'GET /notifications/count',
      'GET /notifications/stream',
      'GET /objects',
      'GET /objects/{object}',
      'GET /objects/{object}/comments',
      'GET /objects/{object}/history',
      'GET /objects/{object}/likes',
      'GET /objects/{object}/shares',
      'GET /openapi.json',
      'GET /stats',
      'GET /trending',
      'GET /users',
      'GET /users/{name}',
      'GET /users/{name}/feed',
      'GET /users/{name}/followers',
      'GET /users/{name}/following',
      'GET /users/{name}/limits',
      'PATCH /me',
      'PATCH /objects/{object}',
      'POST /activity',
      'POST /block',
      'POST /follow',
      'POST /followers/remove',
      'POST /me/keys',
      'POST /mute',
      'POST /notifications/read',
      'POST /notifications/seen',
      'POST /objects/{object}/comments',
      'POST /objects/{object}/restore',
      'POST /post',
      'POST /requests/accept',
      'POST /requests/decline',
      'POST /tickets',
      'POST /unblock',
      'POST /unfollow',
      'POST /unmute',
      'POST /users',
      'POST /users/{name}/keys',
      'POST /users/{name}/reinstate',
      'POST /users/{name}/suspend',
      'PUT /me/position',
      'PUT /users/{name}/limits',
    ]);
    const page = await fetch(`${system().address()}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
  });

  it('reports liveness and dependencies for every service', async () => {
    const health = () =>
      Promise.all(
        system().processes.map(async ({ name, httpPort }) => {
          const ask = async (path: string) => (await fetch(`http://127.0.0.1:${httpPort}/health/${path}`)).json();
          return [name, await ask('live'), await ask('ready')];
        }),
      );
    const alive = { status: 'alive' };
    const write = { status: 'ready', dependencies: { postgres: 'up', kafka: 'up', redis: 'up' } };
    const services = { 'social-graph': 'up', activity: 'up', feed: 'up' };
    const gateway = { status: 'ready', dependencies: { ...services, redis: 'up' } };
    const expected = [
      ['social-graph', alive, write],
      ['activity', alive, write],
      [
        'feed',
        alive,
        {
          status: 'ready',
          dependencies: { redis: 'up', timescaledb: 'up', 'timeline-index': 'up', kafka: 'up', aggregates: 'up' },
        },
      ],
      ...system().gateways.map(() => ['gateway', alive, gateway]),
    ];
    // The index is loaded after the start, and on a busy machine a check may exceed its second.
    await eventually('every dependency is up', async () => {
      expect(await health()).toEqual(expected);
      return true;
    });
  });
}
