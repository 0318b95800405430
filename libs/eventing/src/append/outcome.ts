import type { Answer, ErrorCode, NewEvent, StoredEvent } from '@activity-feed/contracts';
import type { CommandKind, StreamCommand } from './command-kind';

/** How a command was carried out. */
export type CarriedOut<Event, State = undefined> =
  | { kind: 'recorded'; version: number; event: Event & StoredEvent; also: readonly StoredEvent[] }
  | { kind: 'unchanged'; version: number; state: State };

export type Outcome<Event, State = undefined> = CarriedOut<Event, State> | { kind: 'rejected'; code: ErrorCode };

export type AnyKind = CommandKind<StreamCommand, unknown, NewEvent, unknown>;

/** The outcome of a repeat: the value of the first answer. */
export interface Replayed {
  kind: 'replayed';
  value: unknown;
}

export type AnyOutcome = Outcome<NewEvent, unknown> | Replayed;

export interface Waiting {
  readonly kind: AnyKind;
  readonly command: StreamCommand;
  /** Makes the answer that repeats of the command get. */
  readonly answerOf?: AnswerOf<NewEvent, unknown, unknown> | undefined;
}

export type AnswerOf<Event, State, Value> = (
  outcome: CarriedOut<Event, State>,
) => Answer<Value> | Promise<Answer<Value>>;
