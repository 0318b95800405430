import { OBJECT_TYPES, ObjectRef, type ObjectType } from '@activity-feed/contracts';
import { z } from 'zod';
import { ApiError } from '../error-answers/api-error';
import { code } from './parse';

const OBJECT_NAME_MAX_LENGTH = 100;

/** The name of an object in a request: `photo:21`. */
export const ObjectName = z
  .string(code('OBJECT_FORMAT_INVALID'))
  .max(OBJECT_NAME_MAX_LENGTH, code('OBJECT_NAME_TOO_LONG'))
  .regex(/^[^:\s]+:\d+$/, code('OBJECT_FORMAT_INVALID'))
  .describe(`type:id; there are no ids above ${Number.MAX_SAFE_INTEGER}`);

/**
 * Throws ApiError: OBJECT_NOT_FOUND for a well-formed name that no object can have, OBJECT_FORMAT_INVALID for an object
 * of another type than `types`.
 */
export function toObjectRef<Type extends ObjectType = ObjectType>(
  name: z.infer<typeof ObjectName>,
  types: readonly Type[] = OBJECT_TYPES as readonly ObjectType[] as readonly Type[],
): ObjectRef & { type: Type } {
  const object = possibleObject(name);
  if (!object) throw new ApiError('OBJECT_NOT_FOUND');
  if (!isOneOf(object, types)) throw new ApiError('OBJECT_FORMAT_INVALID');
  return object;
}

const isOneOf = <Type extends ObjectType>(
  object: ObjectRef,
  types: readonly Type[],
): object is ObjectRef & { type: Type } => (types as readonly ObjectType[]).includes(object.type);

/** Undefined for a well-formed name that no object can have. */
export function possibleObject(name: z.infer<typeof ObjectName>): ObjectRef | undefined {
  const [type, id] = name.split(':');
  return ObjectRef.safeParse({ type, id: Number(id) }).data;
}
