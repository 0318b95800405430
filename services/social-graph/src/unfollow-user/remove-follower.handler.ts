import { writeAnswer } from '@activity-feed/backend';
import { type NewEvent, RemoveFollower, type User, type UserCommand, type WriteAnswer } from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore, type StreamCommand } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { pairsOf, sqlBlocks } from '../blocks/blocks-and-mutes';
import { undoWith } from '../find-user/find-by-name';
import { deleteFollows } from './delete-follows';
import { decideRemoval, type RemovalFacts } from './remove-follower.decide';

/** Relies on the primary keys of follows and blocks. */
const FACTS = {
  name: 'removal-facts',
  text: `
SELECT EXISTS (SELECT FROM follows WHERE follower_id = target AND followee_id = actor) AS follows,
       ${sqlBlocks('target', 'actor')} AS "isBlocked"
FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS wanted(actor, target, place) ORDER BY place`,
};

interface OnFollower extends StreamCommand {
  actor: User;
  /** The follower. */
  target: User;
}

const removeFollower: CommandKind<OnFollower, RemovalFacts, NewEvent<'social-graph.user-unfollowed.v1'>> = {
  name: RemoveFollower.pattern,
  facts: async (tx, commands) => (await tx.query<RemovalFacts>(FACTS, pairsOf(commands))).rows,
  decide: (facts, { actor, target }) => decideRemoval(facts, actor, target),
  project: (recorded) => ({
    name: 'delete-removed-follows',
    text: deleteFollows(),
    values: [...pairsOf(recorded.map(({ event }) => event.data)), recorded.map(({ event }) => event.time)],
  }),
};

/**
 * Removes followers. The lock of the follower's stream orders that with what the follower does. The actor's stream only
 * bounds how many of these commands wait.
 */
@Controller()
export class RemoveFollowerHandler {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
  ) {}

  @MessagePattern(RemoveFollower.pattern)
  handle({ name, ...command }: UserCommand): Promise<WriteAnswer> {
    return undoWith(this.pool, name, (follower, conceal) => {
      const alsoOn = command.actor.id === follower.id ? [] : [command.actor.id];
      const onFollower = { ...command, target: follower, stream: follower.id, alsoOn };
      const answerOf = (outcome: CarriedOut<unknown>) => conceal(writeAnswer('social-graph', follower.id, outcome));
      return carryOut(this.events, removeFollower, onFollower, answerOf);
    });
  }
}
