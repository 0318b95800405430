import { writeAnswer } from '@activity-feed/backend';
import type { FollowAnswer, FollowCommand, NewEvent, StoredEvent, User, UserId } from '@activity-feed/contracts';
import {
  type CarriedOut,
  type CommandKind,
  carryOut,
  type Decision,
  EventStore,
  type Recorded,
} from '@activity-feed/eventing';
import { Injectable } from '@nestjs/common';
import type { QueryConfig } from 'pg';
import { pairsOf } from '../blocks/blocks-and-mutes';
import { KnownNames } from '../find-user/known-names';
import type { AboutRequest, FollowEvent, FollowFacts } from './follow-user.decide';
import { readFollowFacts } from './read-follow-facts';

type FollowOnStream = FollowCommand & { stream: UserId };
type AnyEvent = FollowEvent | NewEvent<'social-graph.user-unfollowed.v1' | 'social-graph.follow-request-ended.v1'>;

/**
 * `name`: see CommandKind. `projection` gets followers, followees and the events' times as arrays $1 to $3, and likewise requesters, targets and
 * times of requests as $4 to $6. `maxFollowees` applies to follows.
 */
export const followKind = <Event extends AnyEvent>(
  name: string,
  decide: (facts: FollowFacts, actor: User) => Decision<Event, AboutRequest>,
  projection: { name: string; text: string },
  maxFollowees?: number,
): CommandKind<FollowOnStream, FollowFacts, Event, AboutRequest> => ({
  name,
  facts: (tx, commands) => readFollowFacts(tx, commands, maxFollowees),
  decide: (facts, { actor }) => decide(facts, actor),
  project: (recorded) => projectFollows(projection, recorded),
});

function projectFollows(
  projection: { name: string; text: string },
  recorded: readonly Pick<Recorded<unknown, AnyEvent>, 'event'>[],
): QueryConfig {
  const { requests = [], follows = [] } = Object.groupBy(
    recorded.map(({ event }) => event),
    (event) => (isAboutRequest(event) ? 'requests' : 'follows'),
  );
  const values = [follows, requests].flatMap((events) => [
    ...pairsOf(events.map(({ data }) => data)),
    events.map(({ time }) => time),
  ]);
  return { ...projection, values };
}

const isAboutRequest = ({ type }: Pick<StoredEvent, 'type'>) => type.startsWith('social-graph.follow-request');

/** Carries out commands that change follows. */
@Injectable()
export class Follows {
  constructor(
    private readonly events: EventStore,
    private readonly knownNames: KnownNames,
  ) {}

  async change<Event extends AnyEvent>(
    kind: CommandKind<FollowOnStream, FollowFacts, Event, AboutRequest>,
    command: FollowCommand,
  ): Promise<FollowAnswer> {
    const isKnown = () => this.knownNames.orCode(command.name, 'USER_NOT_FOUND');
    const answerOf = (outcome: CarriedOut<Event, AboutRequest>): FollowAnswer => {
      const answer = writeAnswer('social-graph', command.actor.id, outcome);
      const request = outcome.kind === 'recorded' ? isAboutRequest(outcome.event) : outcome.state.request;
      return answer.ok && request ? { ok: true, value: { ...answer.value, request } } : answer;
    };
    return carryOut(this.events, kind, { ...command, stream: command.actor.id }, answerOf, isKnown);
  }
}
