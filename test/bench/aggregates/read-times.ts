import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import type { Figure } from '../benchmark.ts';
import type { BenchContext } from '../context.ts';
import { alternately } from '../measure/alternately.ts';
import { until } from '../measure/until.ts';
import { NoAnswer } from './asker.ts';
import type { Asking, Question } from './questions.ts';
import type { Statement } from './statements.ts';
import { timesOf } from './times-of.ts';

/**
 * The p50 in milliseconds of the feed's answers and of the statements on `activities`, which must return the same. A
 * query that the feed does not answer in time has no p50.
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
  // Warm up; the statements have just been run.
  if (answers) await timesOf(ask, 0, sizes.seconds / 8);
  const { reference, ours } = await alternately(
    sizes.rounds,
    (round) => timesOf(query, round, sizes.seconds / 4),
    async (round) => (answers ? [await timesOf(ask, round, sizes.seconds / 4)] : []),
  );
  return { name, growth, unit: 'ms', ours: ours.flat(), reference };
}

/** The statement that returns the same as the feed, or undefined without an answer. Throws if the answers differ. */
async function agreed(feed: Client, asking: Asking, name: string, signal: AbortSignal): Promise<Statement | undefined> {
  let statement: Statement | undefined;
  let difference = '';
  const agree = async () => {
    const answered = asking.rows(await asking.send());
    statement = asking.statement(answered);
    const rows = await run(feed, statement);
    difference = `the feed answered ${JSON.stringify(answered)}, but the activities give ${JSON.stringify(rows)}`;
    return isDeepStrictEqual(answered, rows);
  };
  try {
    // Late activities may not be aggregated yet.
    await until(agree, signal, 500);
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw new Error(`${name}: ${difference || error}`, { cause: error });
  }
  return statement;
}

/** Runs a statement. Returns plain objects, as in JSON answers. */
const run = async (feed: Client, { text, values }: Statement): Promise<object[]> =>
  (await feed.query(text, [...values])).rows.map((row) => ({ ...row }));
