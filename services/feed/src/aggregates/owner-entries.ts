import { VERBS, type Verb, verbCode, verbOfCode } from '@activity-feed/contracts';

/** The actor's id in four bytes, and the verb's code in one. */
export const ENTRY_BYTES = 5;

const CODE = `CASE verb ${VERBS.map((verb) => `WHEN '${verb}' THEN ${verbCode(verb)}`).join(' ')} END`;

/**
 * Who did what, of several rows of `activities`; null without any of a known verb. Part of an aggregate's definition:
 * changing the text rebuilds the aggregate.
 */
export const ENTRIES = `string_agg(int4send(actor_id) || set_byte('\\x00'::bytea, 0, ${CODE}), ''::bytea)`;

/** Visits the entries of `actors` in no particular order. Skips verbs of later versions. */
export function visitEntries(
  entries: Buffer,
  actors: ReadonlySet<number>,
  visit: (actorId: number, verb: Verb) => void,
): void {
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    const actor = entries.readInt32BE(at);
    if (!actors.has(actor)) continue;
    const verb = verbOfCode(entries[at + ENTRY_BYTES - 1] as number);
    if (verb) visit(actor, verb);
  }
}
