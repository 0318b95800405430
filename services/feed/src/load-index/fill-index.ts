import type { ClientBase } from 'pg';
import { readDroppedUntil } from '../hypertable/dropped-activities';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { loadingFloor } from './loading-floor';
import { loadActivities, loadUsers } from './snapshot';

/**
 * Fills `index` with about the newest `budget` activities and everybody's name, as the transaction of `client` sees them.
 * Gives up to when activities were dropped, as readDroppedUntil does.
 */
export async function fillIndex(
  client: ClientBase,
  index: TimelineIndex,
  budget: number,
  onLoaded: () => void,
): Promise<number | undefined> {
  const droppedUntil = await readDroppedUntil(client);
  // What the aggregates have of before is not the index's; what came late there shows that there is something.
  if (droppedUntil !== undefined) index.endAt(droppedUntil - 1);
  const floor = await loadingFloor(client, budget);
  index.beginAbove(floor);
  await loadActivities(client, index, floor, onLoaded);
  await loadUsers(client, index);
  return droppedUntil;
}
