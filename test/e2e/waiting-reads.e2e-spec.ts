import type { ApiClient } from '../harness/api-client';
import { type ReadAnswer, readsAtOnce } from '../harness/reads-at-once';
import { System } from '../harness/system';
import { SteadyReads } from './steady-reads';

const READS = 2_000;
const MADE_UP = { 'consistency-token': 'activity.1.999999999' };
/** Milliseconds that a read waits for what it must show. */
const WAIT = 2_000;

describe('reads that wait for a version', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system?.stop());

  /** Answers to many reads at once, beside which others’ are made one after another. */
  async function readBesides(reader: ApiClient, headers: Record<string, string>): Promise<ReadAnswer[]> {
    const others = new SteadyReads(await system.as('ivan'));
    await others.more(20);
    const before = others.all.length;
    const begun = performance.now();
    const answers = await readsAtOnce(reader, '/feed/my', headers, READS);
    await others.until(begun + WAIT);
    await others.stop();
    // A gateway that has no time for all of them refuses some.
    expect(others.failed.filter(({ status }) => status !== 503)).toEqual([]);
    expect(others.failed.length).toBeLessThan(others.all.length / 10);
    const took = others.all.slice(before).map((read) => read.took);
    expect(took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)]).toBeLessThan(WAIT / 2);
    return answers;
  }

  it('are refused at once when nobody has written it, while others are answered', async () => {
    const answers = await readBesides(await system.as('olga'), MADE_UP);
    const refused = answers.filter(({ status, code }) => status === 400 && code === 'CONSISTENCY_TOKEN_INVALID');
    // On a busy machine the question whether the version exists may take too long for some.
    expect(refused.length).toBeGreaterThan(READS / 2);
    expect(answers.filter(({ status, behind }) => status !== 503 && !(status === 200 && behind)).length).toBe(
      refused.length,
    );
  });

  it.each([
    '/feed/my',
    '/feed/friends',
    '/feed/friends?group=day',
    '/feed/my/summary',
    '/trending',
    '/trending?among=friends',
    '/objects/post:1',
  ])('are refused by every route: %s', async (path) => {
    const author = await system.as('ivan');
    await author.post('post', 'to be read');
    const { status, body } = await author.get(path, MADE_UP);
    expect([status, body.code]).toEqual([400, 'CONSISTENCY_TOKEN_INVALID']);
  });

  it('are answered by a gateway that has not received the write, but not for one that comes after it', async () => {
    const author = await system.as('paul');
    const reader = await system.as('ivan');
    const { headers, body } = await author.post('post', 'before the gateway');
    await reader.follow('paul');
    const there = reader.at(await system.openGateway({}));
    const token = headers.get('consistency-token') as string;
    const page = await there.page('/feed/friends?limit=1', { 'consistency-token': token });
    expect([page.entries[0]?.object_id, page.headers.get('feed-freshness')]).toEqual([body.object_id, null]);
    const next = token.replace(/\d+$/, (version) => String(Number(version) + 1));
    expect((await there.get('/feed/friends', { 'consistency-token': next })).status).toBe(400);
    await author.post('post', 'the next one');
    expect((await there.get('/feed/friends', { 'consistency-token': next })).status).toBe(200);
  });

  it('are answered as behind where its service does not say whether it exists', async () => {
    const reader = await system.as('olga');
    await reader.myFeed();
    system.services.activity.signal('SIGSTOP');
    try {
      const begun = performance.now();
      const page = await reader.page('/feed/my', MADE_UP);
      expect(page.headers.get('feed-freshness')).toBe('behind');
      expect(performance.now() - begun).toBeLessThan(WAIT);
    } finally {
      system.services.activity.signal('SIGCONT');
    }
  });

  it('are answered as behind when it does not come: after 2 s, at once when many wait, and others as ever', async () => {
    const author = await system.as('quinn');
    const release = await system.holdRelay();
    try {
      const token = (await author.post('post', 'held back')).headers.get('consistency-token') as string;
      const reader = await system.as('olga');
      const begun = performance.now();
      const page = await reader.page('/feed/my', { 'consistency-token': token });
      expect(page.headers.get('feed-freshness')).toBe('behind');
      expect(performance.now() - begun).toBeGreaterThan(WAIT - 100);
      const answers = await readBesides(reader, { 'consistency-token': token });
      const behind = answers.filter(({ status, behind }) => status === 200 && behind);
      expect(behind.length).toBeGreaterThan(READS / 2);
      expect(answers.filter(({ status }) => status !== 503).length).toBe(behind.length);
    } finally {
      await release();
    }
  });
});
