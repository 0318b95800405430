import type { IndexedActivity } from '../../activity/activity';
import { placeOf } from '../../activity/notices';
import { keyOfObject } from '../../activity/object-key';
import { toPosition } from '../../activity/positions';
import { type NewRow, NO_USER } from './new-row';
import type { UserTable } from './user-table';

/** The row of an activity or notice, with numbers for its users, who get one if they are new. */
export function toRow(users: UserTable, row: Omit<IndexedActivity, 'verb'> & Pick<NewRow, 'verb'>): NewRow {
  const { actorId, verb, objectType, objectId, targetId, commentId, rootType, rootId, rootOwnerId } = row;
  const target = targetId === null ? NO_USER : users.number(targetId);
  const actor = users.number(actorId);
  const root = rootType && rootId ? keyOfObject({ type: rootType, id: rootId }) : undefined;
  const rootOwner = rootOwnerId ? users.number(rootOwnerId) : undefined;
  const about = { actor, verb, objectType, objectId, target, commentId, root, rootOwner };
  return { ...toPosition(row), ...about, place: placeOf(row) };
}
