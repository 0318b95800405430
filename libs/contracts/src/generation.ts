/** The generation of the log that is written. A rewritten log, such as one without erased texts, has the next number. */
export const GENERATION = 1;
