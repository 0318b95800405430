import { createFeedDatabase } from '../../../../test/harness/feed-databases';
import type { TestDatabase } from '../../../../test/harness/test-database';
import { markOf } from './memory-borders';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-10T12:00:00Z');

const PROJECT = `
INSERT INTO projection_offsets (topic, partition, next_offset) VALUES ('activity.events.v1', 3, $1)
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;

describe('a mark of how far the index is', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createFeedDatabase();
  });
  afterEach(() => database.drop());

  it('is reached when the projector has written all of it, and what was late of the stretch is refreshed', async () => {
    const note = (hour: number) =>
      database.pool.query('INSERT INTO late_activities (hour) VALUES ($1)', [new Date(hour)]);
    let offset = 7n;
    const index = { reached: () => [{ topic: 'activity.events.v1', partition: 3, offset }], loadedUntil: START };
    const isReached = markOf(index, database.pool, { from: START, to: START + HOUR });
    // What the index is told afterwards need not be there.
    offset = 9n;
    expect(await isReached()).toBe(false);
    await database.pool.query(PROJECT, [6]);
    expect(await isReached()).toBe(false);

    await note(START);
    await database.pool.query(PROJECT, [7]);
    expect(await isReached()).toBe(false);
    await database.pool.query('DELETE FROM late_activities');
    // Neither does it wait for what is noted from then on.
    await note(START);
    expect(await isReached()).toBe(true);
  });

  it('does not wait for what was late of other hours', async () => {
    for (const hour of [START - HOUR, START + HOUR]) {
      await database.pool.query('INSERT INTO late_activities (hour) VALUES ($1)', [new Date(hour)]);
    }
    const index = { reached: () => [], loadedUntil: START };
    expect(await markOf(index, database.pool, { from: START, to: START + HOUR })()).toBe(true);
  });
});
