import { type ObjectRef, type ObjectType, objectTypeCode, objectTypeOf } from '@activity-feed/contracts';

/** Above the code of every type. */
const TYPES = 8;

/** An object as one number, never 0. `id` is below 2^50. */
export const objectKey = (typeCode: number, id: number): number => id * TYPES + typeCode;

export const keyOfObject = ({ type, id }: ObjectRef): number => objectKey(objectTypeCode(type), id);

export const idOfKey = (key: number): number => Math.floor(key / TYPES);

export const typeCodeOf = (key: number): number => key % TYPES;

export const objectOf = (key: number): ObjectRef => ({
  type: objectTypeOf(typeCodeOf(key)) as ObjectType,
  id: idOfKey(key),
});
