import { engagementCounts, fromMilliseconds, type TrendingObject, type UserId } from '@activity-feed/contracts';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';
import { IdArray } from '../hypertable/id-array';
import { AnswerCache } from '../keep-answers/answer-cache';
import { NO_TAKE_BACKS } from '../read-own-writes/recent-take-backs';
import type { ReadScope } from '../read-scope/read-scope';
import { WEIGHT_ONE } from '../score-trends/weights';
import { TimelineIndex } from '../timeline-index/timeline-index';
import type { ClosedTrends } from './closed-trends';
import { boundsOf, type ClosedObject } from './rank';
import { ReadTrending } from './read-trending';

const NOW = Date.UTC(2026, 2, 10, 12, 30);
const READER = 1 as UserId;
const [FAN, IVAN, NAMELESS] = [10, 11, 12];

describe('trending objects from memory', () => {
  const index = new TimelineIndex({ budget: 1_000, followeeBudget: 10, now: () => NOW });
  index.addUser(IVAN, 'ivan');
  const likes = [IVAN, NAMELESS, NAMELESS, IVAN, NAMELESS];
  for (const [place, owner] of likes.entries()) {
    index.addRow({
      verb: 'like',
      objectType: 'post',
      objectId: owner,
      target: index.users.number(owner),
      actor: index.users.number(FAN),
      time: fromMilliseconds(NOW - place),
      id: [0, 0, 0, place],
    });
  }

  const scope: Pick<ReadScope, 'ofHoursFor' | 'ofActors'> = {
    ofHoursFor: async () => ({
      view: undefined,
      index,
      behind: false,
      takeBacks: NO_TAKE_BACKS,
      open: bucketStart('hour', NOW) - BUCKET_LENGTH.hour,
    }),
    ofActors: async () => ({
      index,
      behind: false,
      takeBacks: NO_TAKE_BACKS,
      ids: async () => IdArray.of(FAN as UserId),
      numbers: Uint32Array.of(index.users.number(FAN)),
      view: undefined,
      hidden: () => undefined,
      isForbidden: false,
      key: undefined,
    }),
  };
  let listed: ClosedObject[] = [];
  const closed: Pick<ClosedTrends, 'best'> = { best: async () => ({ objects: listed, bounds: boundsOf([], 1) }) };
  const trends = new ReadTrending({
    scope: scope as ReadScope,
    closed: closed as ClosedTrends,
    cache: new AnswerCache(undefined, 0),
    now: () => NOW,
  });

  it.each(['all', 'friends'] as const)('omit objects whose owner has no name: among %s', async (among) => {
    const { payload } = await trends.read({
      reader: READER,
      among,
      window: '1h',
      type: 'post',
      limit: 10,
      atLeast: [],
    });
    const { trending } = JSON.parse(payload.toString()) as { trending: TrendingObject[] };
    expect(trending).toEqual([
      { object_type: 'post', object_id: IVAN, owner_name: 'ivan', likes: 2, shares: 0, comments: 0, score: 2 },
    ]);
  });

  it('omit deleted objects that the list of closed hours still has', async () => {
    const object = (object_id: number) => ({
      object_type: 'photo' as const,
      object_id,
      owner_id: 1,
      owner_name: 'ivan',
    });
    listed = [7, 8].map((id) => ({ ...object(id), ...engagementCounts(() => 1), score: WEIGHT_ONE }));
    const stream = READER;
    const objectState = { objectType: 'photo', objectId: 8, deleted: true, version: 1 } as const;
    index.apply({ source: 'activity', stream, version: 1, users: [], objectState });
    const query = { reader: READER, among: 'all', window: '1h', type: 'photo', limit: 10, atLeast: [] } as const;
    const { payload } = await trends.read({ ...query, atLeast: [] });
    const { trending } = JSON.parse(payload.toString()) as { trending: TrendingObject[] };
    expect(trending.map(({ object_id }) => object_id)).toEqual([7]);
  });
});
