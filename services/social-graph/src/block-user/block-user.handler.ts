import { writeAnswer } from '@activity-feed/backend';
import {
  BlockUser,
  type NewEvent,
  type StoredEvent,
  UnblockUser,
  type User,
  type UserCommand,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CommandKind, EventStore, type StreamCommand } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { pairsOf, sqlBlocks, sqlIsFull } from '../blocks/blocks-and-mutes';
import { findByName } from '../find-user/find-by-name';
import { type BlockFacts, decideBlock, decideUnblock } from './block-user.decide';

/** Relies on the primary keys of blocks and follows. */
const FACTS = {
  name: 'block-facts',
  text: `
SELECT ${sqlBlocks('actor', 'target')} AS "isBlocked", ${sqlBlocks('target', 'actor')} AS "blocksActor",
       EXISTS (SELECT FROM follows WHERE follower_id = actor AND followee_id = target) AS follows,
       EXISTS (SELECT FROM follows WHERE follower_id = target AND followee_id = actor) AS "isFollowed",
       ${sqlIsFull('actor')} AS "isFull"
FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS wanted(actor, target, place) ORDER BY place`,
};

/** $3: times; $4 to $6: the follows that end, and when. */
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
)
UPDATE users SET updated_at = gone.time FROM gone WHERE users.id = gone.follower_id`,
};

const UNBLOCK = {
  name: 'delete-blocks',
  text: `
DELETE FROM blocks USING unnest($1::int[], $2::int[]) AS gone(blocker_id, blocked_id)
WHERE (blocks.blocker_id, blocks.blocked_id) = (gone.blocker_id, gone.blocked_id)`,
};

interface OnStream extends StreamCommand {
  actor: User;
  target: User;
}

const facts: CommandKind<OnStream, BlockFacts, never>['facts'] = async (tx, commands) =>
  (await tx.query<BlockFacts>(FACTS, pairsOf(commands))).rows;

const blockUser: CommandKind<OnStream, BlockFacts, NewEvent<'social-graph.user-blocked.v1'>> = {
  table: 'private_events',
  facts,
  decide: (found, { actor, target }) => decideBlock(found, actor, target),
  project: (recorded) => {
    const ended = recorded.flatMap(({ also }) => also as StoredEvent<'social-graph.user-unfollowed.v1'>[]);
    return {
      ...BLOCK,
      values: [
        ...pairsOf(recorded.map(({ command }) => command)),
        recorded.map(({ event }) => event.time),
        ...pairsOf(ended.map(({ data }) => data)),
        ended.map(({ time }) => time),
      ],
    };
  },
};

const unblockUser: CommandKind<OnStream, BlockFacts, NewEvent<'social-graph.user-unblocked.v1'>> = {
  table: 'private_events',
  facts,
  decide: (found, { actor, target }) => decideUnblock(found, actor, target),
  project: (recorded) => ({ ...UNBLOCK, values: pairsOf(recorded.map(({ command }) => command)) }),
};

/** Blocks and unblocks. The locks of both streams order a block and the follows between the two, which it ends. */
@Controller()
export class BlockUserHandler {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
  ) {}

  @MessagePattern(BlockUser.pattern)
  block(command: UserCommand): Promise<WriteAnswer> {
    return this.change(blockUser, command);
  }

  @MessagePattern(UnblockUser.pattern)
  unblock(command: UserCommand): Promise<WriteAnswer> {
    return this.change(unblockUser, command);
  }

  private async change(
    kind: typeof blockUser | typeof unblockUser,
    { name, ...command }: UserCommand,
  ): Promise<WriteAnswer> {
    const { actor } = command;
    const target = await findByName(this.pool, name);
    if (!target) return { ok: false, code: 'USER_NOT_FOUND' };
    const alsoOn = kind === unblockUser || target.id === actor.id ? [] : [target.id];
    const onStream = { ...command, target, stream: actor.id, alsoOn };
    const outcome = await this.events.execute(kind as typeof blockUser, onStream);
    const answer = writeAnswer('social-graph-private', actor.id, outcome);
    return answer.ok ? { ok: true, value: { ...answer.value, concerns: target.id } } : answer;
  }
}
