import { writeAnswer } from '@activity-feed/backend';
import {
  type By,
  KEYS_CHANGED,
  ReinstateUser,
  SuspendUser,
  type SuspensionAnswer,
  type SuspensionCommand,
  type User,
} from '@activity-feed/contracts';
import { type CommandKind, EventStore, type StreamCommand } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { Announcements } from '../announce-writes/announcements';
import { findAnyByName } from '../find-user/find-by-name';
import { decideSuspension, type SuspensionEvent } from './suspend-user.decide';

/** Relies on the primary key of users. */
const FACTS = {
  name: 'suspension-facts',
  text: `
SELECT suspended FROM unnest($1::int[]) WITH ORDINALITY AS wanted(id, place) JOIN users USING (id) ORDER BY place`,
};

const PROJECTION = {
  name: 'change-suspension',
  text: `
UPDATE users SET suspended = new.suspended, updated_at = new.time
FROM unnest($1::int[], $2::boolean[], $3::timestamptz[]) AS new(id, suspended, time) WHERE users.id = new.id`,
};

interface OnUser extends StreamCommand {
  user: User;
  by: By;
}

const suspensionKind = (suspends: boolean): CommandKind<OnUser, boolean, SuspensionEvent> => ({
  name: suspends ? SuspendUser.pattern : ReinstateUser.pattern,
  facts: async (tx, commands) => {
    const { rows } = await tx.query<{ suspended: boolean }>(FACTS, [commands.map(({ user }) => user.id)]);
    return rows.map(({ suspended }) => suspended);
  },
  decide: (isSuspended, { user, by }) => decideSuspension(isSuspended, user, by, suspends),
  project: (recorded) => ({
    ...PROJECTION,
    values: [
      recorded.map(({ command }) => command.user.id),
      recorded.map(() => suspends),
      recorded.map(({ event }) => event.time),
    ],
  }),
});

const suspendUser = suspensionKind(true);
const reinstateUser = suspensionKind(false);

@Controller()
export class SuspendUserHandler {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
    private readonly announcements: Announcements,
  ) {}

  @MessagePattern(SuspendUser.pattern)
  suspend(command: SuspensionCommand): Promise<SuspensionAnswer> {
    return this.change(suspendUser, command);
  }

  @MessagePattern(ReinstateUser.pattern)
  reinstate(command: SuspensionCommand): Promise<SuspensionAnswer> {
    return this.change(reinstateUser, command);
  }

  private async change(
    kind: CommandKind<OnUser, boolean, SuspensionEvent>,
    { name, ...command }: SuspensionCommand,
  ): Promise<SuspensionAnswer> {
    const found = await findAnyByName(this.pool, name);
    if (!found) return { ok: false, code: 'USER_NOT_FOUND' };
    const { user } = found;
    const outcome = await this.events.execute(kind, { ...command, user, stream: user.id });
    const answer = writeAnswer('social-graph', user.id, outcome);
    if (!answer.ok) return answer;
    // Also if it is repeated, as the first answer may have been lost. The gateway may be the only one that has lost Redis.
    await this.announcements.announce(answer.value.token, [KEYS_CHANGED]);
    return { ok: true, value: { ...answer.value, user: user.id, changesAccount: 'suspension' } };
  }
}
