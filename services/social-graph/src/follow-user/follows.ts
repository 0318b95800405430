import { writeAnswer } from '@activity-feed/backend';
import type { FollowCommand, NewEvent, User, UserId, WriteAnswer } from '@activity-feed/contracts';
import { type CommandKind, type Decision, EventStore } from '@activity-feed/eventing';
import { Injectable } from '@nestjs/common';
import { KnownNames } from '../find-user/known-names';
import type { FollowFacts } from './follow-user.decide';
import { readFollowFacts } from './read-follow-facts';

type FollowEvent = NewEvent<'social-graph.user-followed.v1' | 'social-graph.user-unfollowed.v1'>;
type FollowOnStream = FollowCommand & { stream: UserId };

/**
 * `projection` gets followers, followees and the events' times as arrays $1 to $3. `maxFollowees` applies to follows.
 */
export const followKind = <Event extends FollowEvent>(
  decide: (facts: FollowFacts, actor: User) => Decision<Event>,
  projection: { name: string; text: string },
  maxFollowees?: number,
): CommandKind<FollowOnStream, FollowFacts, Event> => ({
  facts: (tx, commands) => readFollowFacts(tx, commands, maxFollowees),
  decide: (facts, { actor }) => decide(facts, actor),
  project: (recorded) => {
    const events = recorded.map(({ event: { data, time } }) => ({ ...data, time }));
    return {
      ...projection,
      values: [
        events.map(({ actor }) => actor.id),
        events.map(({ target }) => target.id),
        events.map(({ time }) => time),
      ],
    };
  },
});

/** Carries out commands that change follows. */
@Injectable()
export class Follows {
  constructor(
    private readonly events: EventStore,
    private readonly knownNames: KnownNames,
  ) {}

  async change<Event extends FollowEvent>(
    kind: CommandKind<FollowOnStream, FollowFacts, Event>,
    command: FollowCommand,
  ): Promise<WriteAnswer> {
    const isKnown = () => this.knownNames.orCode(command.name, 'USER_NOT_FOUND');
    const outcome = await this.events.execute(kind, { ...command, stream: command.actor.id }, isKnown);
    return writeAnswer('social-graph', command.actor.id, outcome);
  }
}
