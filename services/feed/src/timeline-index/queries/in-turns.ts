import { setImmediate as nextTurn } from 'node:timers/promises';

/** What `work` gives at its end. Wherever it pauses others have their turn. */
export async function inTurns<Result>(work: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await nextTurn();
  }
}
