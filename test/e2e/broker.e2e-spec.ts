import { request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { LocalBroker } from '../harness/local-broker';
import { describeWithOwnServers } from '../harness/servers';
import { System } from '../harness/system';
import { type Read, SteadyReads } from './steady-reads';

/** Milliseconds that a read waits for a required version. */
const WAIT = 2_000;
/** Users who follow the author while the broker is down. */
const FOLLOWERS = 8;
/** Milliseconds from the broker's first answer until a read shows what was written while it was down. */
const RECOVERY = 45_000;

describeWithOwnServers('when the broker does not answer', () => {
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

  it('killed: reads are marked as behind immediately, none fails, and all are up to date soon after it recovers', async () => {
    const author = await system.as('author');
    await author.post('post', 'before');
    await author.myFeed();
    const reads = new SteadyReads(author);
    await reads.more(20);

    await broker.kill();
    await author.post('post', 'while it is down');
    const killedAt = performance.now();
    const isImmediate = ({ begun, took }: Read) => begun > killedAt && took < WAIT - 100;
    await eventually('the reader has noticed that the broker is down', () => reads.all.some(isImmediate));
    const before = reads.all.length;
    await reads.more(50);
    const page = await author.servedPage('/feed/my');
    expect([page.entries.length, page.headers.get('feed-freshness')]).toEqual([1, 'behind']);
    // The others began earlier, or were delayed by a busy machine.
    const after = reads.all.slice(before);
    expect(after.filter(isImmediate).length).toBeGreaterThan(after.length / 2);

    // Each of these reads waits twice: for the follow in the index, and then for the projector.
    const followers = await Promise.all(
      Array.from({ length: FOLLOWERS }, (_, number) => system.as(`follower${number}`)),
    );
    await Promise.all(followers.map((follower) => follower.follow('author')));
    const friendsReads = followers.map((follower) => new SteadyReads(follower, '/feed/friends', 1));
    await Promise.all(friendsReads.map((reads) => reads.more(1)));

    await broker.start();
    const answersAt = performance.now();
    await author.follow('nico');
    await eventually('everything is shown', async () => (await author.myFeed()).length === 3, { within: 60_000 });
    expect(performance.now() - answersAt).toBeLessThan(RECOVERY);
    for (const follower of followers) {
      await eventually('the follow is shown', async () => (await follower.friendsFeed()).length === 3);
    }
    for (const all of [reads, ...friendsReads]) {
      await all.stop();
      // A busy gateway rejects some of them.
      expect(all.failed.filter(({ status }) => status !== 503)).toEqual([]);
      expect(all.failed.length).toBeLessThan(all.all.length / 10);
    }
    // Its old member is still in its former group, where it would wait until that session expires.
    expect(system.services.feed.output).not.toMatch(/Restarting the consumer.*feed-reader/);
  }, 240_000);

  it('frozen: writes are still acknowledged, reads are marked as behind, and nothing is lost or duplicated', async () => {
    const writer = await system.as('writer');
    const reader = await system.as('reader');
    await reader.follow('writer');
    const { body: before } = await writer.post('post', 'before');
    await writer.myFeed();
    await eventually('the follow is projected', async () => (await reader.friendsFeed()).length === 1);

    broker.freeze();
    const acknowledged = [before.object_id];
    for (let count = 0; count < 20; count++) acknowledged.push((await writer.post('post', `${count}`)).body.object_id);
    const page = await writer.servedPage('/feed/my');
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
    await eventually('all posts are shown', async () => (await writer.myFeed()).length >= expected.length, {
      within: 60_000,
    });
    expect((await writer.myFeed()).map(({ object_id }) => object_id)).toEqual(expected);
    expect((await reader.friendsFeed()).map(({ object_id }) => object_id)).toEqual(expected);
    await eventually('the write service is ready', async () => (await ready()).status === 'ready', { within: 60_000 });
  }, 180_000);
});
