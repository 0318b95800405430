import { writeAnswer } from '@activity-feed/backend';
import {
  type EventTime,
  type MuteCommand,
  MuteUser,
  type NewEvent,
  sqlEventTime,
  type UnmuteCommand,
  UnmuteUser,
  type User,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore, type StreamCommand } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { PoolClient } from 'pg';
import { Pool } from 'pg';
import { pairsOf, sqlBlocks, sqlIsFull } from '../blocks/blocks-and-mutes';
import { type Concealing, findByName, notConcealing, undoWith } from '../find-user/find-by-name';
import { decideMute, decideUnmute, type MuteFacts } from './mute-user.decide';

/** Relies on the primary keys of mutes and blocks. */
const FACTS = {
  name: 'mute-facts',
  text: `
SELECT muted.since IS NOT NULL AS "isMuted",
       CASE WHEN isfinite(until) THEN ${sqlEventTime('until')} END AS until,
       ${sqlBlocks('target', 'actor')} AS "isBlocked", ${sqlIsFull('actor')} AS "isFull"
FROM unnest($1::int[], $2::int[], $3::boolean[]) WITH ORDINALITY AS wanted(actor, target, shares_only, place)
LEFT JOIN mutes AS muted
  ON muter_id = actor AND muted_id = target AND muted.shares_only = wanted.shares_only AND until > clock_timestamp()
ORDER BY place`,
};

const MUTE = {
  name: 'insert-mutes',
  text: `
INSERT INTO mutes (muter_id, muted_id, shares_only, since, until)
SELECT muter_id, muted_id, shares_only, since, coalesce(until, 'infinity')
FROM unnest($1::int[], $2::int[], $3::boolean[], $4::timestamptz[], $5::timestamptz[])
  AS new(muter_id, muted_id, shares_only, since, until)
ON CONFLICT (muter_id, muted_id, shares_only) DO UPDATE SET since = excluded.since, until = excluded.until`,
};

const UNMUTE = {
  name: 'delete-mutes',
  text: `
DELETE FROM mutes USING unnest($1::int[], $2::int[], $3::boolean[]) AS gone(muter_id, muted_id, shares_only)
WHERE (mutes.muter_id, mutes.muted_id, mutes.shares_only) = (gone.muter_id, gone.muted_id, gone.shares_only)`,
};

type OnTarget<Command> = Command & StreamCommand & { target: User };

interface Row {
  isMuted: boolean;
  until: EventTime | null;
  isBlocked: boolean;
  isFull: boolean;
}

const keysOf = (commands: readonly OnTarget<UnmuteCommand>[]) => [
  ...pairsOf(commands),
  commands.map(({ only }) => only === 'shares'),
];

async function readFacts(tx: PoolClient, commands: readonly OnTarget<UnmuteCommand>[]): Promise<MuteFacts[]> {
  const { rows } = await tx.query<Row>(FACTS, keysOf(commands));
  return rows.map(({ isMuted, until, ...facts }) => ({ mute: isMuted ? { until } : undefined, ...facts }));
}

const muteUser: CommandKind<OnTarget<MuteCommand>, MuteFacts, NewEvent<'social-graph.user-muted.v1'>> = {
  name: MuteUser.pattern,
  table: 'private_events',
  facts: readFacts,
  decide: (facts, command) => decideMute(facts, command, command.target),
  project: (recorded) => {
    const commands = recorded.map(({ command }) => command);
    return {
      ...MUTE,
      values: [...keysOf(commands), recorded.map(({ event }) => event.time), commands.map(({ until }) => until)],
    };
  },
};

const unmuteUser: CommandKind<OnTarget<UnmuteCommand>, MuteFacts, NewEvent<'social-graph.user-unmuted.v1'>> = {
  name: UnmuteUser.pattern,
  table: 'private_events',
  facts: readFacts,
  decide: (facts, command) => decideUnmute(facts, command, command.target),
  project: (recorded) => ({ ...UNMUTE, values: keysOf(recorded.map(({ command }) => command)) }),
};

@Controller()
export class MuteUserHandler {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
  ) {}

  @MessagePattern(MuteUser.pattern)
  async mute(command: MuteCommand): Promise<WriteAnswer> {
    const target = await findByName(this.pool, command.name);
    if (!target) return { ok: false, code: 'USER_NOT_FOUND' };
    return this.change(muteUser, { ...command, target, stream: command.actor.id });
  }

  @MessagePattern(UnmuteUser.pattern)
  unmute(command: UnmuteCommand): Promise<WriteAnswer> {
    return undoWith(this.pool, command.name, (target, conceal) =>
      this.change(unmuteUser, { ...command, target, stream: command.actor.id }, conceal),
    );
  }

  private async change<Command extends UnmuteCommand, Event extends NewEvent>(
    kind: CommandKind<OnTarget<Command>, MuteFacts, Event>,
    command: OnTarget<Command>,
    conceal: Concealing = notConcealing,
  ): Promise<WriteAnswer> {
    const { id } = command.actor;
    const answerOf = (outcome: CarriedOut<unknown>) => conceal(writeAnswer('social-graph-private', id, outcome));
    return carryOut(this.events, kind, command, answerOf);
  }
}
