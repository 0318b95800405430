import { OBJECT_TYPES, type ObjectRef, type ObjectType } from '@activity-feed/contracts';

/** How an object did, by the number of its owner. */
export interface ObjectCounts {
  likes: number;
  shares: number;
  readonly owner: number;
}

/** An object as one number, by its type's place in the list of the contracts: ids are below 2^51. */
export const objectKey = (type: number, id: number): number => id * OBJECT_TYPES.length + type;

/** What {@link objectKey} made one number of. */
export const objectOf = (key: number): ObjectRef => ({
  type: OBJECT_TYPES[key % OBJECT_TYPES.length] as ObjectType,
  id: Math.floor(key / OBJECT_TYPES.length),
});
