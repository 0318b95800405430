import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs `work` to its result, and yields to the event loop at each pause. */
export async function inTurns<Result>(work: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await nextTurn();
  }
}
