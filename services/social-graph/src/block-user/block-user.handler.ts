import { writeAnswer } from '@activity-feed/backend';
import {
  BlockUser,
  type NewEvent,
  type StoredEvent,
  sourceOf,
  UnblockUser,
  type User,
  type UserCommand,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore, type StreamCommand } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { pairsOf, sqlBlocks, sqlIsFull } from '../blocks/blocks-and-mutes';
import { type Concealing, findByName, notConcealing, undoWith } from '../find-user/find-by-name';
import { deleteRequests } from '../follow-requests/follow-requests';
import { type BlockFacts, decideBlock, decideUnblock } from './block-user.decide';

/** Relies on the primary keys of blocks, follows and follow_requests. */
const FACTS = {
  name: 'block-facts',
  text: `
SELECT ${sqlBlocks('actor', 'target')} AS "isBlocked", ${sqlBlocks('target', 'actor')} AS "blocksActor",
       EXISTS (SELECT FROM follows WHERE follower_id = actor AND followee_id = target) AS follows,
       EXISTS (SELECT FROM follows WHERE follower_id = target AND followee_id = actor) AS "isFollowed",
       EXISTS (SELECT FROM follow_requests WHERE requester_id = actor AND target_id = target) AS requests,
       EXISTS (SELECT FROM follow_requests WHERE requester_id = target AND target_id = actor) AS "isRequested",
       ${sqlIsFull('actor')} AS "isFull"
FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS wanted(actor, target, place) ORDER BY place`,
};

/** $3: times; $4 to $6: the follows that end, and when; $7 and $8: the requests that end. */
const BLOCK = {
  name: 'insert-blocks',
  text: `
WITH new AS (
  INSERT INTO blocks (blocker_id, blocked_id, since) SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[])
), gone AS (
  SELECT * FROM unnest($4::int[], $5::int[], $6::timestamptz[]) AS f(follower_id, followee_id, time)
), ended AS (
  DELETE FROM follows USING gone
  WHERE (follows.follower_id, follows.followee_id) = (gone.follower_id, gone.followee_id)
), withdrawn AS (${deleteRequests('$7::int[], $8::int[]')}
)
UPDATE users SET updated_at = gone.time FROM gone WHERE users.id = gone.follower_id`,
};

const UNBLOCK = {
  name: 'delete-blocks',
  text: `
DELETE FROM blocks USING unnest($1::int[], $2::int[]) AS gone(blocker_id, blocked_id)
WHERE (blocks.blocker_id, blocks.blocked_id) = (gone.blocker_id, gone.blocked_id)`,
};

type EndingType = 'social-graph.user-unfollowed.v1' | 'social-graph.follow-request-ended.v1';

interface OnStream extends StreamCommand {
  actor: User;
  target: User;
}

const facts: CommandKind<OnStream, BlockFacts, never>['facts'] = async (tx, commands) =>
  (await tx.query<BlockFacts>(FACTS, pairsOf(commands))).rows;

const blockUser: CommandKind<OnStream, BlockFacts, NewEvent<'social-graph.user-blocked.v1'>> = {
  name: BlockUser.pattern,
  table: 'private_events',
  facts,
  decide: (found, { actor, target }) => decideBlock(found, actor, target),
  project: (recorded) => {
    const also = recorded.flatMap((one) => one.also as StoredEvent<EndingType>[]);
    const ended = also.filter(({ type }) => type === 'social-graph.user-unfollowed.v1');
    const withdrawn = also.filter(({ type }) => type === 'social-graph.follow-request-ended.v1');
    return {
      ...BLOCK,
      values: [
        ...pairsOf(recorded.map(({ command }) => command)),
        recorded.map(({ event }) => event.time),
        ...pairsOf(ended.map(({ data }) => data)),
        ended.map(({ time }) => time),
        ...pairsOf(withdrawn.map(({ data }) => data)),
      ],
    };
  },
};

const unblockUser: CommandKind<OnStream, BlockFacts, NewEvent<'social-graph.user-unblocked.v1'>> = {
  name: UnblockUser.pattern,
  table: 'private_events',
  facts,
  decide: (found, { actor, target }) => decideUnblock(found, actor, target),
  project: (recorded) => ({ ...UNBLOCK, values: pairsOf(recorded.map(({ command }) => command)) }),
};

/** Without events in the private stream of `user`: their number is nobody else's business. */
function withoutPrivate<Event>(user: UserId, outcome: CarriedOut<Event>): CarriedOut<Event> {
  if (outcome.kind !== 'recorded') return outcome;
  const isOthers = ({ stream, type }: StoredEvent) => stream === user && sourceOf(type) === 'social-graph-private';
  return { ...outcome, also: outcome.also.filter((event) => !isOthers(event)) };
}

/** Blocks and unblocks. The locks of both streams order a block and the follows between the two, which it ends. */
@Controller()
export class BlockUserHandler {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
  ) {}

  @MessagePattern(BlockUser.pattern)
  async block({ name, ...command }: UserCommand): Promise<WriteAnswer> {
    const target = await findByName(this.pool, name);
    if (!target) return { ok: false, code: 'USER_NOT_FOUND' };
    const { actor } = command;
    const alsoOn = target.id === actor.id ? [] : [target.id];
    return this.change(blockUser, { ...command, target, stream: actor.id, alsoOn });
  }

  @MessagePattern(UnblockUser.pattern)
  unblock({ name, ...command }: UserCommand): Promise<WriteAnswer> {
    return undoWith(this.pool, name, (target, conceal) =>
      this.change(unblockUser, { ...command, target, stream: command.actor.id }, conceal),
    );
  }

  private async change<Event extends NewEvent>(
    kind: CommandKind<OnStream, BlockFacts, Event>,
    command: OnStream,
    conceal: Concealing = notConcealing,
  ): Promise<WriteAnswer> {
    const { actor, target } = command;
    const answerOf = (outcome: CarriedOut<Event>): WriteAnswer => {
      const answer = writeAnswer('social-graph-private', actor.id, withoutPrivate(target.id, outcome));
      return conceal(answer.ok ? { ok: true, value: { ...answer.value, concerns: target.id } } : answer);
    };
    return carryOut(this.events, kind, command, answerOf);
  }
}
