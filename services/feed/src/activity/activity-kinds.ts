import {
  NOTIFICATION_VERBS,
  type NotificationVerb,
  OBJECT_TYPES,
  type ObjectType,
  objectTypeCode,
  objectTypeOf,
  VERBS,
  type Verb,
  verbCode,
  verbOfCode,
} from '@activity-feed/contracts';
import { isNotice, NOTICE_VERBS, type NoticeVerb } from './notices';

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

/** Of a row, which may be a notice instead of an activity. */
export interface RowKind {
  readonly verb: Verb | NoticeVerb;
  readonly objectType: ObjectType | null;
}

/** The codes of notices come down from the highest, those of verbs up from 0. Notices are kept in memory only. */
const codeOfVerb = (verb: Verb | NoticeVerb): number =>
  isNotice(verb) ? VERB_MASK - NOTICE_VERBS.indexOf(verb) : verbCode(verb);

export const kindOf = ({ verb, objectType }: RowKind): number =>
  codeOfVerb(verb) | (objectType === null ? 0 : objectTypeCode(objectType) << TYPE_SHIFT);

const NOTIFICATIONS: (NotificationVerb | undefined)[] = Array.from({ length: VERB_MASK + 1 }, (_, code) =>
  NOTIFICATION_VERBS.find((verb) => code === codeOfVerb(verb as Verb | NoticeVerb)),
);

/** What the target of a row of this kind is notified of; undefined for other activities. */
export const notificationOf = (kind: number): NotificationVerb | undefined => NOTIFICATIONS[kind & VERB_MASK];

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
