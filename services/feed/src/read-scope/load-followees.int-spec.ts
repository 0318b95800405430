import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventId, EventTime, UserId } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import type { Effects } from '../activity/effects';
import { IDS_PER_TURN } from '../hypertable/id-array';
import { KnownUsers } from '../project-activities/known-users';
import { writeEffects } from '../project-activities/write-effects';
import { WaitClock } from '../read-own-writes/wait-clock';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { LoadFollowees } from './load-followees';

const FIRST_READER = 1_000;

/** The first follow of `reader`. */
const followOf = (reader: number): Effects => ({
  source: 'social-graph',
  stream: reader as UserId,
  version: 1,
  users: [{ id: reader as UserId, name: `user_${reader}` }],
  activity: {
    time: '2026-03-10T12:00:00.000000+00:00' as EventTime,
    eventId: `00000000-0000-7000-8000-0000000${String(reader).padStart(5, '0')}` as EventId,
    actorId: reader as UserId,
    verb: 'follow',
    objectType: null,
    objectId: null,
    targetId: 1 as UserId,
  },
  follow: { followerId: reader as UserId, followeeId: 1 as UserId, following: true, version: 1 },
});

describe('loading followees while the projector is behind', () => {
  let database: TestDatabase;
  let index: TimelineIndex;
  let followees: LoadFollowees;
  let statements: jest.SpyInstance;

  beforeEach(async () => {
    database = await createFeedDatabase();
    index = new TimelineIndex({ budget: 1_000, followeeBudget: 100_000 });
    followees = new LoadFollowees(database.pool, index);
    statements = jest.spyOn(database.pool, 'query');
  });
  afterEach(() => {
    jest.useRealTimers();
    return database.drop();
  });

  /** Applies follows to the index only; the database does not have them. */
  const applyFollows = (count: number) => {
    const effects = Array.from({ length: count }, (_, number) => followOf(FIRST_READER + number));
    for (const effect of effects) index.apply(effect);
    return effects;
  };
  const project = (effects: Effects[]) =>
    inTransaction(database.pool, (tx) => writeEffects(tx, effects, new KnownUsers()));
  const load = ({ stream }: Effects) => followees.load(stream as UserId, new WaitClock());

  it('polls at growing intervals, and returns the list as it is at the end', async () => {
    const [follow] = applyFollows(1) as [Effects];
    expect(await load(follow)).toEqual({ followees: new Uint32Array(), current: false });
    // At 0, 10, 30, 70, 150, 310, 510, 710 and 910 ms, and at the end.
    expect(statements.mock.calls.length).toBeLessThanOrEqual(11);
  });

  it('polls immediately when the projector of this process has written the follow', async () => {
    const [follow] = applyFollows(1) as [Effects];
    // Fake timers, so that only the projector's report can cause a query.
    jest.useFakeTimers({ doNotFake: ['Date', 'performance', 'nextTick', 'queueMicrotask', 'setImmediate', 'hrtime'] });
    const loading = load(follow);
    await statements.mock.results[0]?.value;
    await project([follow]);
    await nextTurn();
    expect(statements).toHaveBeenCalledTimes(1);
    followees.applied([follow]);
    await nextTurn();
    expect(statements).toHaveBeenCalledTimes(2);
    expect(await loading).toEqual({ followees: Uint32Array.of(index.users.number(1)), current: true });
    expect(statements).toHaveBeenCalledTimes(2);
  });

  it('needs few statements per reader, and waits for a limited number of readers', async () => {
    const begun = performance.now();
    const effects = applyFollows(100);
    const times = effects.map((effect) =>
      load(effect).then(({ current }) => {
        expect(current).toBe(false);
        return performance.now() - begun;
      }),
    );
    // Beyond 64 the answer does not wait.
    await Promise.race(times);
    expect((await Promise.all(times)).filter((time) => time >= 990).length).toBeGreaterThanOrEqual(64);
    const pollsOf = ({ stream }: Effects) => statements.mock.calls.filter(([, [asked]]) => asked === stream);
    expect(effects.filter((effect) => pollsOf(effect).length > 1)).toHaveLength(64);
    // 11 instead of 10: a timer may fire early.
    expect(statements.mock.calls.length).toBeLessThanOrEqual(64 * 11 + 36);
  });

  it('reads a long list completely, and yields to other work', async () => {
    const count = 45_000;
    const [follow] = applyFollows(1) as [Effects];
    await project([follow]);
    await database.pool.query(
      'INSERT INTO follows SELECT $1, 1000000 - n, $2, 1 FROM generate_series(1, $3::int) AS n WHERE n <> 7',
      [follow.stream, true, count],
    );
    await database.pool.query('INSERT INTO follows SELECT $1, 1000000 - 7, false, 2', [follow.stream]);
    const numbers = jest.spyOn(index.users, 'number');
    let [inOneTurn, isDone] = [0, false];
    const others = (async () => {
      while (!isDone) {
        await nextTurn();
        inOneTurn = Math.max(inOneTurn, numbers.mock.calls.length);
        numbers.mockClear();
      }
    })();
    const { followees: list, current } = await load(follow);
    isDone = true;
    await others;
    expect(current).toBe(true);
    expect(list).toHaveLength(count);
    expect(list).toEqual(list.slice().sort());
    const ids = Array.from(list, (user) => index.users.idOf(user)).sort((a, b) => a - b);
    const followed = Array.from({ length: count }, (_, n) => 1_000_000 - count + n).filter((id) => id !== 999_993);
    expect(ids).toEqual([1, ...followed]);
    // Plus the reader's own, at the end.
    expect(inOneTurn).toBeLessThanOrEqual(IDS_PER_TURN + 1);
    expect(index.follows.get(index.users.number(follow.stream))).toBe(list);
  });

  it('returns an up-to-date list while many other reads wait', async () => {
    const effects = applyFollows(100);
    const written = effects.pop() as Effects;
    await project([written]);
    const waiting = Promise.all(effects.map(load));
    expect(await load(written)).toEqual({ followees: Uint32Array.of(index.users.number(1)), current: true });
    await waiting;
  });
});
