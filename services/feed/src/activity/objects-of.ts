import type { ObjectType } from '@activity-feed/contracts';
import type { Activity } from './activity';

export interface ObjectName {
  type: ObjectType;
  id: number;
}

/** The objects whose deletion hides an activity. */
export function objectsOf({ objectType, objectId, commentId, rootType, rootId }: Activity): ObjectName[] {
  const named = [
    { type: objectType, id: objectId },
    { type: rootType, id: rootId },
    { type: commentId ? ('comment' as const) : null, id: commentId },
  ];
  return named.filter((object): object is ObjectName => Boolean(object.type && object.id));
}

/** The same in SQL: whether the row is about the object of type `type` and id `id`. */
export const isAbout = (type: string, id: string): string => `(
  object_type = ${type} AND object_id = ${id} OR root_type = ${type} AND root_id = ${id}
  OR comment_id = ${id} AND ${type} = 'comment')`;
