import { writeAnswer } from '@activity-feed/backend';
import {
  type DeleteAnswer,
  DeleteObject,
  type EventTime,
  fromMicroseconds,
  type NewEvent,
  type OwnerCommand,
  RestoreObject,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { findOwnerships } from '../find-object/find-owner';
import { type DeletableObject, findDeletable } from './deletable-object';
import { decideDelete } from './delete-object.decide';
import { decideRestore } from './restore-object.decide';

/** Injection token: days for which a deleted object can be restored. */
export const RESTORE_DAYS = Symbol('RESTORE_DAYS');
const DAY = 86_400_000;
const NOT_FOUND = { ok: false, code: 'OBJECT_NOT_FOUND' } as const;

/** Relies on the primary keys of objects and comments. */
const DELETE = {
  name: 'delete-objects',
  text: `
WITH deleted AS (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::int[], $5::timestamptz[])
    AS d(object_type, object_id, time, by_user, until)
), comments_too AS (
  UPDATE comments SET deleted = true FROM deleted WHERE object_type = 'comment' AND id = object_id
)
UPDATE objects SET deleted_at = time, deleted_by = by_user, restorable_until = until
FROM deleted WHERE type = object_type AND id = object_id`,
};

/** Relies on the primary keys of objects and comments. */
const RESTORE = {
  name: 'restore-objects',
  text: `
WITH restored AS (
  SELECT * FROM unnest($1::text[], $2::bigint[]) AS r(object_type, object_id)
), comments_too AS (
  UPDATE comments SET deleted = false FROM restored WHERE object_type = 'comment' AND id = object_id
)
UPDATE objects SET deleted_at = NULL, deleted_by = NULL, restorable_until = NULL
FROM restored WHERE type = object_type AND id = object_id`,
};

type OnStream = OwnerCommand & { stream: UserId };
type DeleteOnStream = OnStream & { restorableUntil: EventTime };
type Found = DeletableObject | undefined;
type Deleted = NewEvent<'activity.object-deleted.v1'>;

const deleteObject: CommandKind<DeleteOnStream, Found, Deleted, EventTime> = {
  name: DeleteObject.pattern,
  facts: findDeletable,
  decide: (found, { by, object, restorableUntil }) => decideDelete(found, by, object, restorableUntil),
  project: (recorded) => {
    const deleted = recorded.map(({ command, event: { data, time } }) => ({ ...data, by: command.by, time }));
    return {
      ...DELETE,
      values: [
        deleted.map(({ object }) => object.type),
        deleted.map(({ object }) => object.id),
        deleted.map(({ time }) => time),
        deleted.map(({ by }) => (by === 'admin' ? null : by.id)),
        deleted.map(({ restorable_until }) => restorable_until),
      ],
    };
  },
};

const restoreObject: CommandKind<OnStream, Found, NewEvent<'activity.object-restored.v1'>> = {
  name: RestoreObject.pattern,
  facts: findDeletable,
  decide: (found, { by, object }) => decideRestore(found, by, object),
  project: (recorded) => ({
    ...RESTORE,
    values: [recorded.map(({ command }) => command.object.type), recorded.map(({ command }) => command.object.id)],
  }),
};

/** Deletes and restores objects. The lock of the owner's stream gives this, and edits, one order. */
@Controller()
export class DeleteObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
    @Inject(RESTORE_DAYS) private readonly restoreDays: number,
  ) {}

  @MessagePattern(DeleteObject.pattern)
  async delete(command: OwnerCommand): Promise<DeleteAnswer> {
    const stream = await this.streamOf(command);
    if (stream === undefined) return NOT_FOUND;
    const restorableUntil = fromMicroseconds(BigInt(Date.now() + this.restoreDays * DAY) * 1_000n);
    const answerOf = (outcome: CarriedOut<Deleted, EventTime>): DeleteAnswer => {
      const answer = writeAnswer('activity', stream, outcome);
      const until = outcome.kind === 'recorded' ? outcome.event.data.restorable_until : outcome.state;
      return answer.ok ? { ok: true, value: { ...answer.value, restorableUntil: until } } : answer;
    };
    return carryOut(this.events, deleteObject, { ...command, stream, restorableUntil }, answerOf);
  }

  @MessagePattern(RestoreObject.pattern)
  async restore(command: OwnerCommand): Promise<WriteAnswer> {
    const stream = await this.streamOf(command);
    if (stream === undefined) return NOT_FOUND;
    const answerOf = (outcome: CarriedOut<unknown>) => writeAnswer('activity', stream, outcome);
    return carryOut(this.events, restoreObject, { ...command, stream }, answerOf);
  }

  /** Of the object's owner, who never changes. Undefined if there is no such object. */
  private async streamOf({ object }: OwnerCommand): Promise<UserId | undefined> {
    const [found] = await findOwnerships(this.pool, [object]);
    return found?.owner.id;
  }
}
