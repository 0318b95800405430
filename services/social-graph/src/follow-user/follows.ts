import { writeAnswer } from '@activity-feed/backend';
import type { FollowCommand, NewEvent, User, WriteAnswer } from '@activity-feed/contracts';
import { type Decision, EventStore } from '@activity-feed/eventing';
import { Injectable } from '@nestjs/common';
import { KnownNames } from '../find-user/known-names';
import { readFollowFacts } from './follow-facts';
import type { FollowFacts } from './follow-user.decide';

type FollowEvent = NewEvent<'social-graph.user-followed.v1' | 'social-graph.user-unfollowed.v1'>;

/** Carries out a decision about whom a user follows. */
@Injectable()
export class Follows {
  constructor(
    private readonly events: EventStore,
    private readonly knownNames: KnownNames,
  ) {}

  /** `projection` gets follower, followee and the event's time as $1 to $3. */
  async change<Event extends FollowEvent>(
    { actor, name, traceparent }: FollowCommand,
    decide: (facts: FollowFacts, actor: User) => Decision<Event>,
    projection: string,
  ): Promise<WriteAnswer> {
    if (!(await this.knownNames.has(name))) return { ok: false, code: 'USER_NOT_FOUND' };
    const outcome = await this.events.execute<FollowFacts, Event>({
      stream: actor.id,
      traceparent,
      facts: (tx) => readFollowFacts(tx, actor.id, name),
      decide: (facts) => decide(facts, actor),
      project: async (tx, { data, time }) => {
        await tx.query(projection, [data.actor.id, data.target.id, time]);
      },
    });
    return writeAnswer('social-graph', actor.id, outcome);
  }
}
