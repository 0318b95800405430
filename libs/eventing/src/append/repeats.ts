import type { Answer, ErrorCode, Idempotency } from '@activity-feed/contracts';
import type { PoolClient, QueryConfig } from 'pg';
import { findKeptOutcomes, keepOutcomes } from './kept-outcomes';
import type { AnyOutcome, Replayed, Waiting } from './outcome';

type Repeat = Replayed | { kind: 'rejected'; code: ErrorCode };

export const NO_REPEATS: ReadonlyMap<Waiting, Repeat> = new Map();

/** Decides how a command ends whose key was used for the request `fingerprint`. */
export const decideRepeat = (
  { fingerprint }: Pick<Idempotency, 'fingerprint'>,
  kept: { fingerprint: string; value: unknown },
): Repeat =>
  kept.fingerprint === fingerprint
    ? { kind: 'replayed', value: kept.value }
    : { kind: 'rejected', code: 'IDEMPOTENCY_KEY_REUSED' };

/** Those of `batch` whose keys were used before. The streams of their callers are locked. */
export async function findRepeats(tx: PoolClient, batch: readonly Waiting[]): Promise<Map<Waiting, Repeat>> {
  const keyed = batch.flatMap((waiting) => {
    const { idempotency } = waiting.command;
    return idempotency ? [{ waiting, idempotency }] : [];
  });
  const found = await findKeptOutcomes(
    tx,
    keyed.map(({ idempotency }) => idempotency),
  );
  return new Map(
    keyed.flatMap(({ waiting, idempotency }, index) => {
      const kept = found[index];
      return kept ? [[waiting, decideRepeat(idempotency, kept)] as const] : [];
    }),
  );
}

/** The statement that keeps the answers to what was carried out with a key. Refusals are not kept. */
export async function keepAnswers(
  batch: readonly Waiting[],
  outcomes: readonly AnyOutcome[],
): Promise<QueryConfig | undefined> {
  const answers = batch.flatMap(({ command: { idempotency }, answerOf }, index) => {
    const outcome = outcomes[index];
    if (!idempotency || !answerOf || (outcome?.kind !== 'recorded' && outcome?.kind !== 'unchanged')) return [];
    return [toKept(idempotency, answerOf(outcome))];
  });
  const kept = (await Promise.all(answers)).flat();
  return kept.length > 0 ? keepOutcomes(kept) : undefined;
}

async function toKept(idempotency: Idempotency, answering: Answer<unknown> | Promise<Answer<unknown>>) {
  const answer = await answering;
  return answer.ok ? [{ idempotency, value: answer.value }] : [];
}
