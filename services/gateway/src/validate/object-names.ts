import { type ObjectRef, objectName } from '@activity-feed/contracts';
import { z } from 'zod';
import { ObjectName, possibleObject } from './object-name';
import { code, parse } from './parse';

export const OBJECT_NAMES_MAX = 200;

const NamesRequest = z.object({
  names: z
    .string(code('OBJECT_NAMES_INVALID'))
    .min(1, code('OBJECT_NAMES_INVALID'))
    .transform((names) => names.split(','))
    .pipe(z.array(ObjectName).max(OBJECT_NAMES_MAX, code('OBJECT_NAMES_INVALID'))),
});

/** Reads `?names=photo:21,post:3`: each object once, at its first place, without names that no object can have. */
export function readObjectNames(query: unknown): ObjectRef[] {
  const objects = parse(NamesRequest, query).names.flatMap((name) => possibleObject(name) ?? []);
  return [...new Map(objects.map((object) => [objectName(object), object])).values()];
}
