/** Milliseconds within which a service must answer the gateway. All other limits fit within this one. */
export const ANSWER_LIMIT = 3_000;

/**
 * Milliseconds within which a command must have been carried out; later it is refused. Shorter than the answer's limit,
 * since the answer still has to reach the gateway.
 */
export const COMMAND_LIMIT = 2_500;

/** Milliseconds for the database's answer after it has ended a transaction at its time limit. */
export const DATABASE_ANSWER_TIME = 100;

/** Milliseconds after a command's deadline during which its transaction may still commit. */
export const COMMIT_GRACE = ANSWER_LIMIT - COMMAND_LIMIT - DATABASE_ANSWER_TIME;

/** Milliseconds for a statement of a request, so that a database timeout is reported before the answer is due. */
export const STATEMENT_LIMIT = ANSWER_LIMIT - 500;

/**
 * Milliseconds that a read waits in total for the writes it must show. The rest of the answer's limit is for making the
 * answer, which is then marked as behind.
 */
export const READ_WAIT_LIMIT = ANSWER_LIMIT - 1_000;

/**
 * Milliseconds for which a write service with many events gathers them after a send, unless a read waits for one: a send costs the
 * broker and every consumer the same for one event as for several.
 */
export const GATHER_LIMIT = 50;
