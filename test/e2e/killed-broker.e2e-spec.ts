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
const RECOVERY = 15_000;

describeWithOwnServers('when the broker is killed', () => {
  let broker: LocalBroker;
  let system: System;
  beforeAll(async () => {
    broker = await LocalBroker.open();
    system = await System.start({ brokers: [broker.address] });
  }, 180_000);
  afterAll(async () => {
    await system?.stop();
    await broker?.close();
  });

  it('reads are marked as behind immediately, none fails, and all are up to date soon after it recovers', async () => {
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
    const page = await author.page('/feed/my');
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
      expect(all.failed).toEqual([]);
    }
    // Its old member is still in its former group, where it would wait until that session expires.
    expect(system.services.feed.output).not.toMatch(/Restarting the consumer.*feed-reader/);
  }, 240_000);
});
