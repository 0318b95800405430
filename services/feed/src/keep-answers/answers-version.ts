import { createHash } from 'node:crypto';
import { definitionOfVerb, OBJECT_TYPES, VERBS } from '@activity-feed/contracts';

/** Increment it whenever cached values or keys change their shape or meaning, except by a new verb or object type. */
const FORMAT = 3;

/** The verbs and object types of this version: they are in cached counts, groups and scores. */
const KINDS = createHash('sha256')
  .update(JSON.stringify([VERBS.map((verb) => [verb, definitionOfVerb(verb)]), OBJECT_TYPES]))
  .digest('hex')
  .slice(0, 8);

/** Part of every key, so that instances of different versions do not share values. */
export const ANSWERS_VERSION = `${FORMAT}-${KINDS}`;
