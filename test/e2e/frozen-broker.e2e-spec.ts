import { request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { LocalBroker } from '../harness/local-broker';
import { describeWithOwnServers } from '../harness/servers';
import { System } from '../harness/system';

describeWithOwnServers('when the broker is frozen', () => {
  let broker: LocalBroker;
  let system: System;
  beforeAll(async () => {
    broker = await LocalBroker.open();
    system = await System.start({ brokers: [broker.address] });
  }, 180_000);
  afterAll(async () => {
    broker?.thaw();
    await system?.stop();
    await broker?.close();
  });

  it('writes are still acknowledged, reads are marked as behind, and nothing is lost or duplicated', async () => {
    const author = await system.as('author');
    const reader = await system.as('reader');
    await reader.follow('author');
    const { body: before } = await author.post('post', 'before');
    await author.myFeed();
    await eventually('the follow is projected', async () => (await reader.friendsFeed()).length === 1);

    broker.freeze();
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

    broker.thaw();
    const expected = [...acknowledged].reverse();
    await eventually('all posts are shown', async () => (await author.myFeed()).length >= expected.length, {
      within: 60_000,
    });
    expect((await author.myFeed()).map(({ object_id }) => object_id)).toEqual(expected);
    expect((await reader.friendsFeed()).map(({ object_id }) => object_id)).toEqual(expected);
    await eventually('the write service is ready', async () => (await ready()).status === 'ready', { within: 60_000 });
  }, 180_000);
});
