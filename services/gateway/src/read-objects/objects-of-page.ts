import { type ObjectRef, type ObjectType, objectName } from '@activity-feed/contracts';
import type { ObjectAnswer } from './object-answer';

/** An entry or group of a feed, or a trending object. */
interface Naming {
  object_type: ObjectType | null;
  object_id?: number | null;
  /** Of an entry about a comment. */
  comment_id?: number | null;
  /** Of a group. */
  object_ids?: number[];
}

/** The objects that a page of the feed names, each once, in the order of the page. */
export function objectsOfPage(page: string): ObjectRef[] {
  const entries = Object.values(JSON.parse(page)).find(Array.isArray) as Naming[];
  const objects = new Map<string, ObjectRef>();
  const add = (object: ObjectRef) => objects.set(objectName(object), object);
  for (const { object_type: type, object_id, object_ids = [object_id], comment_id } of entries) {
    for (const id of object_ids) if (type !== null && typeof id === 'number') add({ type, id });
    if (typeof comment_id === 'number') add({ type: 'comment', id: comment_id });
  }
  return [...objects.values()];
}

/**
 * Adds the field `objects`, by name, to a page. `found` are the answers for `objects`, in that order. Like the page, the
 * result has one character per byte of its UTF-8.
 */
export function withObjects(page: string, objects: ObjectRef[], found: (ObjectAnswer | null)[]): string {
  const byName = Object.fromEntries(objects.map((object, place) => [objectName(object), found[place]]));
  return `${page.slice(0, -1)},"objects":${Buffer.from(JSON.stringify(byName)).toString('latin1')}}`;
}
