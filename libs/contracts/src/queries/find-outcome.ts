import type { Idempotency } from '../commands/idempotency';
import { type Answer, type Message, message } from '../message';
import type { WriteService } from '../topics';

export type OutcomeQuery = Pick<Idempotency, 'caller' | 'key'>;

/** The value of the answer to the first command with a key, and what that was a command for. */
export interface KeptOutcome {
  fingerprint: string;
  value: unknown;
}

/** Null if no command with the key was carried out in the last 24 hours. */
export const FindOutcome: Record<WriteService, Message<OutcomeQuery, Answer<KeptOutcome | null>>> = {
  'social-graph': message('social-graph.find-outcome'),
  activity: message('activity.find-outcome'),
};
