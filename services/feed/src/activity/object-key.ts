import { type ObjectRef, type ObjectType, objectTypeCode, objectTypeOf } from '@activity-feed/contracts';

/** More than the code of any type. */
const TYPES = 8;

/** An object as one number, which is never 0: of its type's code and its id, which is below 2^50. */
export const objectKey = (typeCode: number, id: number): number => id * TYPES + typeCode;

export const keyOfObject = ({ type, id }: ObjectRef): number => objectKey(objectTypeCode(type), id);

/** The code of the object's type. */
export const typeCodeOf = (key: number): number => key % TYPES;

/** The inverse of {@link keyOfObject}. */
export const objectOf = (key: number): ObjectRef => ({
  type: objectTypeOf(typeCodeOf(key)) as ObjectType,
  id: Math.floor(key / TYPES),
});
