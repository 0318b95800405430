import {
  OBJECT_TYPES,
  type ObjectType,
  objectTypeCode,
  objectTypeOf,
  VERBS,
  type Verb,
  verbCode,
  verbOfCode,
} from '@activity-feed/contracts';

/** A kind is one number: the verb's code in the lowest 5 bits, the object type's code in the 3 above, 0 for none. */
export const KIND_BITS = 8;
export const KIND_COUNT = 2 ** KIND_BITS;
export const KIND_MASK = KIND_COUNT - 1;
export const VERB_MASK = 0b11111;
const TYPE_SHIFT = 5;

export interface ActivityKind {
  readonly verb: Verb;
  readonly objectType: ObjectType | null;
}

export const kindOf = ({ verb, objectType }: ActivityKind): number =>
  verbCode(verb) | (objectType === null ? 0 : objectTypeCode(objectType) << TYPE_SHIFT);

export const readKind = (kind: number): ActivityKind => ({
  verb: verbOfCode(kind & VERB_MASK) as Verb,
  objectType: objectTypeOf(kind >> TYPE_SHIFT) ?? null,
});

/** 0 for a kind without an object. */
export const typeCodeOfKind = (kind: number): number => kind >> TYPE_SHIFT;

export const hasObject = (kind: number): boolean => typeCodeOfKind(kind) !== 0;

/** A table with a value for each kind, by its number; `fallback` for numbers that no kind has. */
export function tableOfKinds<Value>(make: (kind: ActivityKind) => Value, fallback: Value): Value[] {
  const table = new Array<Value>(KIND_COUNT).fill(fallback);
  for (const verb of VERBS) {
    for (const objectType of [null, ...OBJECT_TYPES]) table[kindOf({ verb, objectType })] = make({ verb, objectType });
  }
  return table;
}
