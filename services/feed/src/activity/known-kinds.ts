import { OBJECT_TYPES, VERBS } from '@activity-feed/contracts';

const texts = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/**
 * Whether this version knows the verb and the object type of a row. During an update, a newer projector may write others;
 * reads skip them.
 */
export const IS_KNOWN_VERB = `verb IN (${texts(VERBS)})`;
export const IS_KNOWN_TYPE = `object_type IN (${texts(OBJECT_TYPES)})`;
export const IS_KNOWN = `${IS_KNOWN_VERB} AND (object_type IS NULL OR ${IS_KNOWN_TYPE})`;
