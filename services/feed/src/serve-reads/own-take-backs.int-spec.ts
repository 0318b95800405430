import { type EventId, FEED_STATUSES, fromMicroseconds, fromMilliseconds, type UserId } from '@activity-feed/contracts';
import { inTransaction } from '@activity-feed/eventing';
import { type BorrowedReply, type Reply, readAtOnce } from '@activity-feed/link';
import type { Redis } from 'ioredis';
import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import { patientRedis } from '../../../../test/harness/patient-redis';
import { uniqueName } from '../../../../test/harness/servers';
import type { TestDatabase } from '../../../../test/harness/test-database';
import type { Effects } from '../activity/effects';
import { BUCKET_LENGTH, memoryDays, memoryHours } from '../aggregates/aggregate-time';
import { readFeedPosition } from '../consume-log/stored-position';
import { HypertableTimeline } from '../hypertable/hypertable-timeline';
import { AnswerCache } from '../keep-answers/answer-cache';
import { KnownUsers } from '../project-activities/known-users';
import { projectEffects } from '../project-activities/project-effects';
import { IndexedFeed } from '../read-feed/indexed-feed';
import { AppliedVersions } from '../read-own-writes/applied-versions';
import { IndexedVersions } from '../read-own-writes/indexed-versions';
import { RecentTakeBacks } from '../read-own-writes/recent-take-backs';
import { WaitingReads, WaitSlots } from '../read-own-writes/waiting-reads';
import { LoadFollowees } from '../read-scope/load-followees';
import { ReadScope } from '../read-scope/read-scope';
import { TimelineIndex } from '../timeline-index/timeline-index';
import { aggregateReads } from './aggregate-reads';

const FAN = 1 as UserId;
const OWNER = 2 as UserId;
const { hour: HOUR, day: DAY } = BUCKET_LENGTH;
const NOW = Date.now();
const KEPT = 21;
const UNLIKED = 22;

const users = [FAN, OWNER].map((id) => ({ id, name: `user${id}` }));
const timeOf = (age: number, microseconds: number) =>
  fromMicroseconds((fromMilliseconds(NOW - age) + microseconds) as never);

function like(version: number, objectId: number, age: number): Effects {
  const eventId = `01968a1e-7c00-7000-8000-00000000000${version}` as EventId;
  const about = { verb: 'like', objectType: 'photo', objectId, targetId: OWNER } as const;
  const activity = { ...about, time: timeOf(age, objectId), eventId, actorId: FAN };
  return { source: 'activity', stream: FAN, version, users, activity };
}

function unlike(version: number, objectId: number, age: number): Effects {
  const time = timeOf(age, objectId);
  const takenBack = { actorId: FAN, verb: 'like', objectType: 'photo', objectId, from: time, to: time } as const;
  return { source: 'activity', stream: FAN, version, users, takenBack };
}

function turn(version: number, objectId: number, deleted: boolean): Effects {
  const objectState = { objectType: 'photo', objectId, deleted, version } as const;
  return { source: 'activity', stream: OWNER, version, users, objectState };
}

interface Required {
  version: number;
  waitLimit?: number;
}

type Answer = Reply | BorrowedReply | Promise<Reply>;

const KINDS = [
  'my page',
  'my groups',
  'my summary',
  'trends',
  'an object’s counts',
  'several objects’ counts',
] as const;

describe('reads after a like was taken back or an object deleted', () => {
  let database: TestDatabase;
  let redis: Redis;
  let index: TimelineIndex;
  let applied: AppliedVersions;
  let waited: jest.SpiedFunction<AppliedVersions['reach']>;
  let reads: Record<(typeof KINDS)[number], (required?: Required) => Answer>;

  beforeAll(async () => {
    database = await createFeedDatabase();
  });
  afterAll(() => database?.drop());
  afterEach(() => redis.disconnect());

  /** Reads of a process whose memory begins `age` milliseconds ago. */
  async function start(age: number): Promise<void> {
    await database.pool.query(
      'TRUNCATE activities, object_states, users, applied_versions, noted_groups, noted_objects, late_activities',
    );
    redis = patientRedis(`${uniqueName()}.`);
    await new Promise((resolve) => redis.once('ready', resolve));
    const { pool } = database;
    index = new TimelineIndex({ budget: 1_000, followeeBudget: 1_000 });
    index.beginAbove(fromMilliseconds(NOW - age));
    const waiting = () => new WaitingReads({ slots: new WaitSlots() });
    const versions = new IndexedVersions(index, waiting());
    applied = new AppliedVersions(pool, waiting());
    waited = jest.spyOn(applied, 'reach');
    const takeBacks = new RecentTakeBacks({ index, applied, mark: () => async () => false });
    const memory = { index, versions, followees: new LoadFollowees(pool, index), takeBacks, isReady: () => true };
    const boundaries = { day: { now: async () => memoryDays(NOW) }, hour: { now: async () => memoryHours(NOW) } };
    const scope = new ReadScope({ ...memory, applied, pool, boundaries });
    const position = () => readFeedPosition(pool);
    const aggregates = aggregateReads({ scope, pool, cache: new AnswerCache(redis, 30), position, now: () => NOW });
    const feed = new IndexedFeed({ ...memory, hypertable: new HypertableTimeline(pool) });
    const my = { feed: 'my', reader: FAN, limit: 10, nextUrl: '' } as const;
    const atLeast = (required?: Required) => ({
      atLeast: required ? [{ source: 'activity' as const, stream: FAN, version: required.version }] : [],
      waitLimit: required?.waitLimit,
    });
    const photo = { type: 'photo', id: UNLIKED } as const;
    const trends = { reader: FAN, among: 'all', window: '7d', type: undefined, limit: 10 } as const;
    reads = {
      'my page': (required) => feed.page({ ...my, ...atLeast(required) }, undefined),
      'my groups': (required) => aggregates.groups({ ...my, ...atLeast(required) }),
      'my summary': (required) => aggregates.summary({ feed: 'my', reader: FAN, days: 7, ...atLeast(required) }),
      trends: (required) => aggregates.trending({ ...trends, ...atLeast(required) }),
      'an object’s counts': (required) => aggregates.engagement({ object: photo, ...atLeast(required) }),
      'several objects’ counts': (required) => aggregates.engagements({ objects: [photo], ...atLeast(required) }),
    };
  }

  const project = (...effects: Effects[]) =>
    inTransaction(database.pool, (tx) => projectEffects(tx, effects, new KnownUsers(), () => NOW));

  function receive(...effects: Effects[]): void {
    for (const event of effects) expect(index.apply(event)).toBe('applied');
  }

  /** The number of likes that an answer shows, of the unliked photo if it is about one; and whether it is behind. */
  async function likesIn(kind: (typeof KINDS)[number], answer: Answer) {
    const { status, payload } = await answer;
    const found = JSON.parse(Buffer.from(readAtOnce(payload)).toString());
    const ofUnliked = (objects: { object_id: number }[]) => objects.filter(({ object_id }) => object_id === UNLIKED);
    const likes = {
      'my page': () => ofUnliked(found.my_feed).length,
      'my groups': () =>
        found.my_feed
          .flatMap(({ object_ids }: { object_ids: number[] }) => object_ids)
          .filter((id: number) => id === UNLIKED).length,
      'my summary': () => found.my_summary.totals.like - 1,
      trends: () => ofUnliked(found.trending).length,
      'an object’s counts': () => found.likes,
      'several objects’ counts': () => found[0].likes,
    }[kind]();
    return { likes, behind: status === FEED_STATUSES.behind };
  }

  it.each(KINDS)('do not show the reader’s own old like, once the projector has deleted it: %s', async (kind) => {
    await start(26 * HOUR);
    const likes = [like(1, KEPT, 5 * DAY), like(2, UNLIKED, 5 * DAY)];
    await project(...likes);
    receive(...likes);
    // Keeps the answer.
    expect(await likesIn(kind, reads[kind]())).toEqual({ likes: 1, behind: false });
    expect(await likesIn(kind, reads[kind]({ version: 2 }))).toEqual({ likes: 1, behind: false });
    expect(waited).not.toHaveBeenCalled();

    const undo = unlike(3, UNLIKED, 5 * DAY);
    receive(undo);
    expect(await likesIn(kind, reads[kind]({ version: 3, waitLimit: 50 }))).toEqual({ likes: 1, behind: true });
    const reading = reads[kind]({ version: 3 });
    await project(undo);
    applied.changed([undo]);
    expect(await likesIn(kind, reading)).toEqual({ likes: 0, behind: false });
    // Nor later, from a kept answer.
    receive(like(4, KEPT + 100, 0));
    expect(await likesIn(kind, reads[kind]({ version: 3 }))).toMatchObject({
      likes: kind === 'my summary' ? 1 : 0,
      behind: false,
    });
  });

  it.each(KINDS)('follow a deletion and a restoration by somebody else, whatever was kept before: %s', async (kind) => {
    await start(26 * HOUR);
    const likes = [like(1, KEPT, 5 * DAY), like(2, UNLIKED, 5 * DAY)];
    await project(...likes);
    receive(...likes);
    expect(await likesIn(kind, reads[kind]())).toEqual({ likes: 1, behind: false });
    for (const [version, deleted] of [
      [1, true],
      [2, false],
    ] as const) {
      const change = turn(version, UNLIKED, deleted);
      receive(change);
      // Keeps an answer from before the projector has written the change.
      await likesIn(kind, reads[kind]());
      await project(change);
      expect(await likesIn(kind, reads[kind]())).toEqual({ likes: deleted ? 0 : 1, behind: false });
    }
    expect(waited).not.toHaveBeenCalled();
  });

  it.each(KINDS)('do not wait for the projector if memory alone has the like: %s', async (kind) => {
    // With the whole day of the likes, at any hour.
    await start(3 * DAY + 2 * HOUR);
    // For reads by day memory is enough where days are not materialised; for those by hour only in the open hours.
    const age = kind === 'trends' || kind.endsWith('counts') ? 0 : 50 * HOUR;
    const likes = [like(1, KEPT, age), like(2, UNLIKED, age)];
    await project(...likes);
    receive(...likes);
    expect(await likesIn(kind, reads[kind]())).toEqual({ likes: 1, behind: false });
    receive(unlike(3, UNLIKED, age));
    expect(await likesIn(kind, reads[kind]({ version: 3 }))).toEqual({ likes: 0, behind: false });
    expect(waited).not.toHaveBeenCalled();
  });
});
