import { request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { kafkaPid } from '../harness/servers';
import { System } from '../harness/system';

const pid = kafkaPid();
const title = pid
  ? 'when the broker is frozen'
  : 'when the broker is frozen (needs local servers, whose broker can be frozen)';

(pid ? describe : describe.skip)(title, () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(async () => {
    if (pid) process.kill(pid, 'SIGCONT');
    await system?.stop();
  });

  it('writes are still acknowledged, reads are marked as behind, and nothing is lost or duplicated', async () => {
    const author = await system.as('author');
    const reader = await system.as('reader');
    await reader.follow('author');
    const { body: before } = await author.post('post', 'before');
    await author.myFeed();
    await eventually('the follow is projected', async () => (await reader.friendsFeed()).length === 1);

    process.kill(pid, 'SIGSTOP');
    const acknowledged = [before.object_id];
    for (let count = 0; count < 20; count++) acknowledged.push((await author.post('post', `${count}`)).body.object_id);
    const page = await author.page('/feed/my');
    expect(page.entries.map(({ object_id }) => object_id)).toEqual([before.object_id]);
    expect(page.headers.get('feed-freshness')).toBe('behind');
    const activity = `http://127.0.0.1:${system.services.activity.httpPort}`;
    const ready = async () => (await request(activity, '/health/ready')).body;
    await eventually('the write service is degraded', async () => {
      const { status, dependencies } = await ready();
      return status === 'degraded' && dependencies.kafka === 'down';
    });

    const feed = await eventually('the feed is degraded', async () => {
      const answer = await request(`http://127.0.0.1:${system.services.feed.httpPort}`, '/health/ready');
      return answer.body.dependencies.kafka === 'down' ? answer : undefined;
    });
    expect(feed).toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect(await reader.friendsFeed()).toHaveLength(1);

    process.kill(pid, 'SIGCONT');
    const expected = [...acknowledged].reverse();
    await eventually('all posts are shown', async () => (await author.myFeed()).length >= expected.length, {
      within: 60_000,
    });
    expect((await author.myFeed()).map(({ object_id }) => object_id)).toEqual(expected);
    expect((await reader.friendsFeed()).map(({ object_id }) => object_id)).toEqual(expected);
    await eventually('the write service is ready', async () => (await ready()).status === 'ready', { within: 60_000 });
  }, 180_000);
});
