import type { Answer, ErrorCode, NewEvent } from '@activity-feed/contracts';
import type { CommandKind, StreamCommand } from './command-kind';
import type { EventStore } from './event-store';
import type { AnswerOf } from './outcome';

/**
 * Carries out a command of a user and answers it. With an idempotency key, the value of the answer is kept in the command's own
 * transaction, and is that of every repeat. `answerOf` must depend on nothing but the outcome, and on what nobody can change while the
 * command's streams are locked. For `precondition` see {@link EventStore.execute}.
 */
export async function carryOut<Command extends StreamCommand, Facts, Event extends NewEvent, State, Value>(
  events: EventStore,
  kind: CommandKind<Command, Facts, Event, State>,
  command: Command,
  answerOf: AnswerOf<Event, State, Value>,
  precondition?: () => Promise<ErrorCode | undefined>,
): Promise<Answer<Value>> {
  const outcome = await events.execute(kind, command, precondition, answerOf);
  switch (outcome.kind) {
    case 'rejected':
      return { ok: false, code: outcome.code };
    case 'replayed':
      return { ok: true, value: outcome.value as Value, replayed: true };
    default:
      return answerOf(outcome);
  }
}
