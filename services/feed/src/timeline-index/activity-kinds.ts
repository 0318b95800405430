import { OBJECT_TYPES, type ObjectType, VERBS, type Verb } from '@activity-feed/contracts';

/** A kind is one number: the verb in its lowest 3 bits, above it the object's type in 2, 0 for none. */
export const KIND_BITS = 5;
export const KIND_MASK = 2 ** KIND_BITS - 1;
export const VERB_MASK = 0b111;
const TYPE_SHIFT = 3;

export interface ActivityKind {
  readonly verb: Verb;
  readonly objectType: ObjectType | null;
}

/** Verb and object type as one number. */
export function kindOf({ verb, objectType }: ActivityKind): number {
  const type = objectType === null ? 0 : OBJECT_TYPES.indexOf(objectType) + 1;
  return VERBS.indexOf(verb) | (type << TYPE_SHIFT);
}

/** What {@link kindOf} made one number of. */
export const readKind = (kind: number): ActivityKind => ({
  verb: VERBS[kind & VERB_MASK] as Verb,
  objectType: OBJECT_TYPES[(kind >> TYPE_SHIFT) - 1] ?? null,
});
