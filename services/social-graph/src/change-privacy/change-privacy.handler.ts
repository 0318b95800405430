import { writeAnswer } from '@activity-feed/backend';
import { ChangePrivacy, type NewEvent, type PrivacyCommand, type WriteAnswer } from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore, type StreamCommand } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { decidePrivacy, type PrivacyFacts } from './change-privacy.decide';
import { PublishAccounts } from './publish-accounts';

/** Relies on the primary keys of users and privacy_changes. */
const FACTS = {
  name: 'privacy-facts',
  text: `
SELECT coalesce((SELECT private FROM users WHERE id = wanted.actor), false) AS "isPrivate",
       (SELECT count(*)::int FROM privacy_changes
        WHERE user_id = wanted.actor AND time > clock_timestamp() - interval '24 hours') AS changes
FROM unnest($1::int[]) WITH ORDINALITY AS wanted(actor, place) ORDER BY place`,
};

/** $1: users, $2: whether their accounts are private now, $3: since when. */
const PROJECTION = {
  name: 'change-privacy',
  text: `
WITH new AS (SELECT * FROM unnest($1::int[], $2::boolean[], $3::timestamptz[]) AS n(user_id, private, time)),
     noted AS (INSERT INTO privacy_changes (user_id, time) SELECT user_id, time FROM new),
     forgotten AS (DELETE FROM privacy_changes USING new
                   WHERE privacy_changes.user_id = new.user_id AND privacy_changes.time < new.time - interval '24 hours'),
     published AS (INSERT INTO publications (user_id, time) SELECT user_id, time FROM new WHERE NOT private
                   ON CONFLICT (user_id) DO UPDATE SET time = excluded.time)
UPDATE users SET private = new.private, updated_at = new.time FROM new WHERE users.id = new.user_id`,
};

type OnActor = PrivacyCommand & StreamCommand;

const changePrivacy: CommandKind<OnActor, PrivacyFacts, NewEvent<'social-graph.user-privacy-changed.v1'>> = {
  name: ChangePrivacy.pattern,
  facts: async (tx, commands) => (await tx.query<PrivacyFacts>(FACTS, [commands.map(({ actor }) => actor.id)])).rows,
  decide: (facts, command) => decidePrivacy(facts, command.actor, command.private),
  project: (recorded) => ({
    ...PROJECTION,
    values: [
      recorded.map(({ command }) => command.actor.id),
      recorded.map(({ command }) => command.private),
      recorded.map(({ event }) => event.time),
    ],
  }),
};

@Controller()
export class ChangePrivacyHandler {
  constructor(
    private readonly events: EventStore,
    private readonly accounts: PublishAccounts,
  ) {}

  @MessagePattern(ChangePrivacy.pattern)
  async handle(command: PrivacyCommand): Promise<WriteAnswer> {
    const { actor } = command;
    const answerOf = (outcome: CarriedOut<unknown>): WriteAnswer => {
      const answer = writeAnswer('social-graph', actor.id, outcome);
      if (!answer.ok || outcome.kind !== 'recorded') return answer;
      return { ok: true, value: { ...answer.value, changesAccount: 'privacy' } };
    };
    const answer = await carryOut(this.events, changePrivacy, { ...command, stream: actor.id }, answerOf);
    if (!command.private && answer.ok && answer.value.outcome === 'recorded') this.accounts.wake();
    return answer;
  }
}
