import { type EventType, sourceOf } from '../events';
import type { Source } from '../topics';
import type { ObjectType } from './object-types';
import { VERB, type VerbDefinition } from './verb-table';

export type Verb = keyof typeof VERB;
export const VERBS = Object.keys(VERB) as [Verb, ...Verb[]];

const BY_CODE = new Map<number, Verb>(VERBS.map((verb) => [VERB[verb].code, verb]));
const BY_EVENT = new Map<EventType, Verb>(VERBS.map((verb) => [VERB[verb].event, verb]));

export const definitionOfVerb = (verb: Verb): VerbDefinition => VERB[verb];
export const verbCode = (verb: Verb): number => VERB[verb].code;
/** Undefined for an unknown code. */
export const verbOfCode = (code: number): Verb | undefined => BY_CODE.get(code);
/** Undefined for an event that is not an activity. */
export const verbOfEvent = (type: EventType): Verb | undefined => BY_EVENT.get(type);
/** The verbs whose events come from `source`. */
export const verbsOf = (source: Source): Verb[] => VERBS.filter((verb) => sourceOf(VERB[verb].event) === source);

type Definitions = typeof VERB;
/** Verbs about somebody's object that need nothing but its name: those of `POST /activity`. */
export type ObjectVerb = {
  [V in Verb]: Definitions[V] extends { adds: ObjectType }
    ? never
    : Definitions[V] extends { objectTypes: readonly [unknown, ...unknown[]]; hasTarget: true }
      ? V
      : never;
}[Verb];
export const OBJECT_VERBS = VERBS.filter((verb) => {
  const { objectTypes, adds, hasTarget } = definitionOfVerb(verb);
  return objectTypes.length > 0 && !adds && hasTarget;
}) as [ObjectVerb, ...ObjectVerb[]];

/** Object verbs whose activities their actor can take back. */
export type UndoableVerb = {
  [V in ObjectVerb]: Definitions[V] extends { undo: object } ? V : never;
}[ObjectVerb];
/** The verbs that take such activities back. */
export type UndoVerb = Definitions[UndoableVerb]['undo']['verb'];

const UNDOABLE = OBJECT_VERBS.filter((verb): verb is UndoableVerb => definitionOfVerb(verb).undo !== undefined);
export const UNDO_VERBS = UNDOABLE.map((verb) => VERB[verb].undo.verb) as [UndoVerb, ...UndoVerb[]];

const UNDONE_BY_EVENT = new Map<EventType, UndoableVerb>(UNDOABLE.map((verb) => [VERB[verb].undo.event, verb]));

/** The verb that `verb` takes back. */
export const undoneBy = (verb: UndoVerb): UndoableVerb =>
  UNDOABLE.find((undoable) => VERB[undoable].undo.verb === verb) as UndoableVerb;
/** The verb whose activities an event takes back; undefined for other events. */
export const undoneByEvent = (type: EventType): UndoableVerb | undefined => UNDONE_BY_EVENT.get(type);

/** Verbs that count as engagement with their object. */
export type EngagementVerb = {
  [V in Verb]: Definitions[V] extends { engagement: object } ? V : never;
}[Verb];
export type EngagementCount = Definitions[EngagementVerb]['engagement']['count'];
export type EngagementCounts = Record<EngagementCount, number>;

export interface EngagementKind {
  readonly verb: EngagementVerb;
  readonly count: EngagementCount;
  readonly points: number;
}

export const ENGAGEMENTS: readonly EngagementKind[] = VERBS.flatMap((verb) => {
  const { engagement } = definitionOfVerb(verb);
  return engagement ? [{ verb, ...engagement } as EngagementKind] : [];
});

/** Creates a record with a value for each engagement count. */
export const engagementCounts = <Value>(
  make: (kind: EngagementKind, place: number) => Value,
): Record<EngagementCount, Value> =>
  Object.fromEntries(ENGAGEMENTS.map((kind, place) => [kind.count, make(kind, place)])) as Record<
    EngagementCount,
    Value
  >;
