import { ENGAGEMENTS, OBJECT_TYPES, SEPARATE_TRENDS, VERBS } from '@activity-feed/contracts';

/**
 * Nearly every row satisfies this condition. The planner assumes so for `<>`; for `IN`, in chunks without statistics,
 * it assumes the opposite, and would then sort all rows of a page's actors.
 */
const isOneOf = (column: string, words: readonly (string | null)[]) =>
  `array_position(ARRAY[${words.map((word) => (word === null ? 'NULL' : `'${word}'`)).join(', ')}], ${column}) <> 0`;

/**
 * Whether this version knows the verb and the object type of a row. During an update, a newer projector may write others;
 * reads skip them.
 */
export const IS_KNOWN_VERB = isOneOf('verb', VERBS);
export const IS_KNOWN_TYPE = isOneOf('object_type', [...OBJECT_TYPES, null]);
export const IS_KNOWN = `${IS_KNOWN_VERB} AND ${IS_KNOWN_TYPE}`;

const COUNTED = ENGAGEMENTS.map(({ verb }) => verb);
/** The same, for rows of verbs that count for their object. */
export const IS_KNOWN_ENGAGEMENT = `${isOneOf('verb', COUNTED)} AND ${IS_KNOWN_TYPE}`;

/** Whether a row belongs to trends of the object type `type`, a parameter, or to those of all types if it is null. */
export const isInTrends = (type: string): string =>
  `(object_type = ${type} OR ${type}::text IS NULL AND object_type <> ALL ('{${SEPARATE_TRENDS}}'))`;
