import type { UserId } from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { ClosedGroups } from '../read-groups/closed-groups';
import { readClosedSums } from '../read-summary/closed-sums';
import { ClosedTrends } from '../read-trending/closed-trends';
import { HypertableTimeline } from './hypertable-timeline';
import { IdArray } from './id-array';

const actors = IdArray.of(7 as UserId, 8 as UserId);
const HOUR = 3_600_000;

describe('ids of actors', () => {
  it.each<[string, (pool: Pool) => Promise<unknown>]>([
    ['pages', (pool) => new HypertableTimeline(pool).page({ actors, limit: 1 })],
    [
      'groups',
      (pool) => new ClosedGroups(pool, {} as never).find({ actors, until: undefined, before: undefined, limit: 1 }),
    ],
    ['sums', (pool) => readClosedSums(pool, { actors, from: 0, to: HOUR })],
    ['trends', (pool) => new ClosedTrends(pool).among({ actors }, { window: '1h', hour: HOUR }, undefined, 1)],
  ])('reach the database in binary format, which pg sends as it is: %s', async (_, read) => {
    const query = jest.fn(async (_text: string, _values?: unknown[]) => ({ rows: [] }));
    await read({ query } as unknown as Pool);
    expect(query.mock.calls[0]?.[1]).toContain(actors.parameter);
  });
});
