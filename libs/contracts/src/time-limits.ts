/** Milliseconds within which a service must answer the gateway. All others here have their places within it. */
export const ANSWER_LIMIT = 3_000;

/**
 * Milliseconds within which a command must have been carried out; what a service could not do by then it does not do at
 * all. Less than the limit of the answer, which still has to come.
 */
export const COMMAND_LIMIT = 2_500;

/** Milliseconds for the answer of a database that ends a transaction at its limit. */
export const DATABASE_ANSWER_TIME = 100;

/** Milliseconds after a command's deadline until which its transaction may still be committing. */
export const COMMIT_GRACE = ANSWER_LIMIT - COMMAND_LIMIT - DATABASE_ANSWER_TIME;

/** Milliseconds for a statement of a request, so that its caller hears in time that the database does not answer. */
export const STATEMENT_LIMIT = ANSWER_LIMIT - 500;

/**
 * Milliseconds that a read waits for what it must show, all its waits together. The rest of the answer's limit is for
 * making the answer, which is then marked as behind.
 */
export const READ_WAIT = ANSWER_LIMIT - 1_000;
