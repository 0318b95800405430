import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import { percentileOf, sorted } from '../../load/measure/percentiles.ts';
import type { Figure } from '../benchmark.ts';
import type { BenchContext } from '../context.ts';
import { alternately } from '../measure/alternately.ts';
import { until } from '../measure/until.ts';
import { NoAnswer } from './asker.ts';
import type { Asking, Question } from './questions.ts';
import type { Statement } from './statements.ts';

/**
 * The p50, in milliseconds, of asking the feed and of asking `activities`, which must answer the same. The feed has none
 * for what it does not answer in time.
 */
export async function readTimes({ sizes, signal }: BenchContext, feed: Client, question: Question): Promise<Figure> {
  const { name, growth, askings } = question;
  const statements: Statement[] = [];
  let answers = true;
  for (const asking of askings) {
    const statement = await agreed(feed, asking, name, signal);
    answers &&= statement !== undefined;
    statements.push(statement ?? asking.statement([]));
  }
  const ask = (number: number) => (askings[number % askings.length] as Asking).send();
  const query = (number: number) => run(feed, statements[number % statements.length] as Statement);
  // Neither is to be measured cold: the statements have just been run.
  if (answers) await timesOf(ask, 0, sizes.seconds / 8);
  const { reference, ours } = await alternately(
    sizes.rounds,
    (round) => timesOf(query, round, sizes.seconds / 4),
    async (round) => (answers ? [await timesOf(ask, round, sizes.seconds / 4)] : []),
  );
  return { name, growth, unit: 'ms', ours: ours.flat(), reference };
}

/** The statement that gives what the feed answers; undefined when it answers nothing. Where they differ is an error. */
async function agreed(feed: Client, asking: Asking, name: string, signal: AbortSignal): Promise<Statement | undefined> {
  let statement: Statement | undefined;
  let difference = '';
  const agree = async () => {
    const answered = asking.rows(await asking.send());
    statement = asking.statement(answered);
    const rows = await run(feed, statement);
    difference = `${JSON.stringify(answered)} is answered, where the activities say ${JSON.stringify(rows)}`;
    return isDeepStrictEqual(answered, rows);
  };
  try {
    // What came late may have to be added up still.
    await until(agree, signal, 500);
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw new Error(`${name}: ${difference || error}`, { cause: error });
  }
  return statement;
}

/** Plain objects, as answers are. */
const run = async (feed: Client, { text, values }: Statement): Promise<object[]> =>
  (await feed.query(text, [...values])).rows.map((row) => ({ ...row }));

/** The p50 of as many, from the nth on, as there is time for. */
async function timesOf(ask: (number: number) => Promise<unknown>, first: number, seconds: number): Promise<number> {
  const times: number[] = [];
  const deadline = performance.now() + seconds * 1_000;
  while (times.length === 0 || performance.now() < deadline) {
    const startedAt = performance.now();
    await ask(first + times.length);
    times.push(performance.now() - startedAt);
  }
  return percentileOf(sorted(times), 50);
}
