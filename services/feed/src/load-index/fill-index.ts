import type { Microseconds } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import { justBefore } from '../activity/durations';
import { readDroppedUntil } from '../hypertable/dropped-activities';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { loadingFloor } from './loading-floor';
import {
  loadActivities,
  loadClosedAccounts,
  loadDeletedObjects,
  loadHiddenUsers,
  loadMarks,
  loadUsers,
} from './snapshot';

/**
 * Fills `index` with about the `budget` newest activities, which objects are deleted, all users' names, who is hidden
 * from whom, and which accounts are closed, in the snapshot of `client`'s transaction.
 * Returns the time before which activities were dropped; see readDroppedUntil.
 */
export async function fillIndex(
  client: ClientBase,
  index: TimelineIndex,
  budget: number,
  onLoaded: () => void,
): Promise<Microseconds | undefined> {
  const droppedUntil = await readDroppedUntil(client);
  // Before any row is loaded: a row below, which arrived late, then marks the index as incomplete there.
  if (droppedUntil !== undefined) index.endAt(justBefore(droppedUntil));
  const floor = await loadingFloor(client, budget);
  index.beginAbove(floor);
  // The set of follows that have ended must fit, to be hashed; see loadActivities.
  await client.query("SET LOCAL work_mem = '256MB'");
  await loadDeletedObjects(client, index);
  await loadActivities(client, index, floor, onLoaded);
  await loadUsers(client, index);
  await loadMarks(client, index);
  await loadHiddenUsers(client, index);
  await loadClosedAccounts(client, index);
  index.takenBack.noteLoaded();
  index.changes.noteLoaded();
  return droppedUntil;
}
