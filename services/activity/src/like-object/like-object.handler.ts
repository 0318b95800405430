import { writeAnswer } from '@activity-feed/backend';
import {
  type NewEvent,
  OBJECT_COMMANDS,
  type ObjectCommand,
  objectName,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ClientBase } from 'pg';
import { findOwners } from '../find-object/find-owner';
import { findRoots } from '../find-object/find-roots';
import { KnownObjects } from '../find-object/known-objects';
import { decideLike, type LikeFacts } from './like-object.decide';

/** Relies on the primary key of likes. */
const LIKED = {
  name: 'find-likes',
  text: `
SELECT likes.user_id IS NOT NULL AS liked
FROM unnest($1::int[], $2::text[], $3::bigint[]) WITH ORDINALITY AS wanted(user_id, object_type, object_id, place)
LEFT JOIN likes USING (user_id, object_type, object_id) ORDER BY place`,
};

const PROJECTION = {
  name: 'insert-likes',
  text: `
INSERT INTO likes (user_id, object_type, object_id, since, event_id, version)
SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[], $4::timestamptz[], $5::uuid[], $6::bigint[])`,
};

type LikeOnStream = ObjectCommand & { stream: UserId };

const likeObject: CommandKind<LikeOnStream, LikeFacts, NewEvent<'activity.object-liked.v1'>> = {
  name: OBJECT_COMMANDS.like.pattern,
  facts: async (tx, commands) => {
    const objects = commands.map(({ object }) => object);
    const [owners, likes, roots] = await Promise.all([
      findOwners(tx, objects),
      findLikes(tx, commands),
      findRoots(tx, objects),
    ]);
    return commands.map((_, index) => ({
      owner: owners[index],
      liked: likes[index] as boolean,
      root: roots[index],
    }));
  },
  decide: (facts, { actor, object }) => decideLike(facts, actor, object),
  project: (recorded) => {
    return {
      ...PROJECTION,
      values: [
        ...columnsOf(recorded.map(({ command }) => command)),
        recorded.map(({ event }) => event.time),
        recorded.map(({ event }) => event.id),
        recorded.map(({ event }) => event.version),
      ],
    };
  },
};

@Controller()
export class LikeObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(OBJECT_COMMANDS.like.pattern)
  async handle(command: ObjectCommand): Promise<WriteAnswer> {
    const { actor, object } = command;
    const isKnown = () => this.knownObjects.orCode(objectName(object), 'OBJECT_NOT_FOUND');
    const answerOf = (outcome: CarriedOut<unknown>) => writeAnswer('activity', actor.id, outcome);
    return carryOut(this.events, likeObject, { ...command, stream: actor.id }, answerOf, isKnown);
  }
}

async function findLikes(tx: ClientBase, commands: readonly ObjectCommand[]): Promise<boolean[]> {
  const { rows } = await tx.query<{ liked: boolean }>(LIKED, columnsOf(commands));
  return rows.map(({ liked }) => liked);
}

const columnsOf = (commands: readonly ObjectCommand[]) => [
  commands.map(({ actor }) => actor.id),
  commands.map(({ object }) => object.type),
  commands.map(({ object }) => object.id),
];
