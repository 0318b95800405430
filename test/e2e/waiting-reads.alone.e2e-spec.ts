import type { ApiClient } from '../harness/api-client';
import { type ReadAnswer, readsAtOnce } from '../harness/reads-at-once';
import { System } from '../harness/system';
import { SteadyReads } from './steady-reads';

const READS = 2_000;
const MADE_UP = { 'consistency-token': 'activity.1.999999999' };
/** Milliseconds that a read waits for a required version. */
const WAIT = 2_000;
/** Milliseconds: the limit of the answer of 3,000 and a margin for a busy machine. */
const NOT_FOR_EVER = 10_000;

describe('reads that wait for a version', () => {
  let system: System;
  beforeAll(async () => {
    // The gateway lets all of them in: the bounds that are tested lie behind its limit.
    system = await System.start({ environment: { gateway: { MAX_OPEN_REQUESTS: String(2 * READS) } } });
  });
  afterAll(() => system?.stop());

  /** Sends many concurrent reads while other users read continuously. Returns the answers to the former. */
  async function readBesides(reader: ApiClient, headers: Record<string, string>): Promise<ReadAnswer[]> {
    const others = new SteadyReads(await system.as('ivan'));
    await others.more(20);
    const before = others.all.length;
    const begun = performance.now();
    const answers = await readsAtOnce(reader, '/feed/my', headers, READS);
    const flood = performance.now() - begun;
    await others.until(begun + WAIT);
    await others.stop();
    // A busy gateway rejects some of them.
    expect(others.failed.filter(({ status }) => status !== 503)).toEqual([]);
    expect(others.failed.length).toBeLessThan(others.all.length / 10);
    const took = others.all.slice(before).map((read) => read.took);
    // A read that waited for those would take as long as all of them.
    expect(took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)]).toBeLessThan(Math.max(flood, WAIT - 100));
    return answers;
  }

  it('are rejected immediately if it was never written, while other reads are answered', async () => {
    const answers = await readBesides(await system.as('olga'), MADE_UP);
    const refused = answers.filter(({ status, code }) => status === 400 && code === 'CONSISTENCY_TOKEN_INVALID');
    // On a busy machine the check whether the version exists may time out for some.
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
  ])('that was never written are rejected by every route: %s', async (path) => {
    const author = await system.as('ivan');
    await author.post('post', 'to be read');
    const { status, body } = await author.get(path, MADE_UP);
    expect([status, body.code]).toEqual([400, 'CONSISTENCY_TOKEN_INVALID']);
  });

  it('are answered by a gateway that did not receive the write, and rejected for the next version', async () => {
    const author = await system.as('paul');
    const reader = await system.as('ivan');
    const { headers, body } = await author.post('post', 'before the gateway');
    await reader.follow('paul');
    const there = reader.at(await system.openGateway({}));
    const token = headers.get('consistency-token') as string;
    const page = await there.servedPage('/feed/friends?limit=1', { 'consistency-token': token });
    expect([page.entries[0]?.object_id, page.headers.get('feed-freshness')]).toEqual([body.object_id, null]);
    const next = token.replace(/\d+$/, (version) => String(Number(version) + 1));
    expect((await there.get('/feed/friends', { 'consistency-token': next })).status).toBe(400);
    await author.post('post', 'the next one');
    expect((await there.get('/feed/friends', { 'consistency-token': next })).status).toBe(200);
  });

  it('are answered as behind if its service does not say whether it exists', async () => {
    const reader = await system.as('olga');
    await reader.myFeed();
    system.services.activity.signal('SIGSTOP');
    try {
      const begun = performance.now();
      // Of a stream that no test before has asked about: a rejected version is remembered for a second.
      const page = await reader.servedPage('/feed/my', { 'consistency-token': 'activity.2.999999999' });
      expect(page.headers.get('feed-freshness')).toBe('behind');
      expect(performance.now() - begun).toBeLessThan(NOT_FOR_EVER);
    } finally {
      system.services.activity.signal('SIGCONT');
    }
  });

  it('are answered as behind if it does not arrive: after 2 s, or immediately if many reads wait', async () => {
    const author = await system.as('quinn');
    const release = await system.holdRelay();
    try {
      const token = (await author.post('post', 'held back')).headers.get('consistency-token') as string;
      const reader = await system.as('olga');
      const begun = performance.now();
      const page = await reader.servedPage('/feed/my', { 'consistency-token': token });
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
