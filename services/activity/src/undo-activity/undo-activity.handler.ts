import { writeAnswer } from '@activity-feed/backend';
import {
  type ObjectCommand,
  objectName,
  sqlEventTime,
  UNDO_COMMANDS,
  type UndoCommand,
  type UndoVerb,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ClientBase } from 'pg';
import { findOwnerships } from '../find-object/find-owner';
import { findRoots } from '../find-object/find-roots';
import { KnownObjects } from '../find-object/known-objects';
import { decideUndo, type UndoEvent, type UndoFacts, type Undone } from './undo-activity.decide';

type UndoOnStream = UndoCommand & { stream: UserId };
type Undo = CommandKind<UndoOnStream, UndoFacts, UndoEvent>;
type Table = 'likes' | 'shares';

/** SQL for what the event says of a user's rows of an object. */
const LIKE = `jsonb_build_object('id', event_id, 'version', version, 'time', ${sqlEventTime('since')})`;
const SHARES = `
CASE WHEN count(*) > 0 THEN jsonb_build_object(
  'count', count(*), 'first_time', ${sqlEventTime('min(time)')}, 'last_time', ${sqlEventTime('max(time)')}) END`;

/** Null where the user has no row. Relies on the primary keys of likes and shares. */
const sqlFind = (table: Table, undone: string) => ({
  name: `find-undone-${table}`,
  text: `
SELECT (
  SELECT ${undone} FROM ${table}
  WHERE user_id = wanted.user_id AND object_type = wanted.object_type AND object_id = wanted.object_id
) AS undone
FROM unnest($1::int[], $2::text[], $3::bigint[]) WITH ORDINALITY AS wanted(user_id, object_type, object_id, place)
ORDER BY place`,
});

/** Relies on the same keys. */
const sqlDelete = (table: Table) => ({
  name: `delete-undone-${table}`,
  text: `
DELETE FROM ${table} USING unnest($1::int[], $2::text[], $3::bigint[]) AS undone(user_id, object_type, object_id)
WHERE ${table}.user_id = undone.user_id AND ${table}.object_type = undone.object_type
  AND ${table}.object_id = undone.object_id`,
});

/** Takes back what `table` holds. The lock of the user's stream keeps the rows as they were read. */
function undo(verb: UndoVerb, table: Table, undone: string): Undo {
  const [find, remove] = [sqlFind(table, undone), sqlDelete(table)];
  return {
    name: UNDO_COMMANDS[verb].pattern,
    facts: async (tx, commands) => {
      const objects = commands.map(({ object }) => object);
      const [owners, found, roots] = await Promise.all([
        findOwnerships(tx, objects),
        findUndone(tx, find, commands),
        findRoots(tx, objects),
      ]);
      return commands.map((_, index) => ({
        ...(owners[index] ?? { owner: undefined }),
        undone: found[index],
        root: roots[index],
      }));
    },
    decide: (facts, { actor, object }) => decideUndo(facts, verb, actor, object),
    project: (recorded) => ({ ...remove, values: columnsOf(recorded.map(({ command }) => command)) }),
  };
}

const UNDO: Record<UndoVerb, Undo> = {
  unlike: undo('unlike', 'likes', LIKE),
  unshare: undo('unshare', 'shares', SHARES),
};

@Controller()
export class UndoActivityHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(UNDO_COMMANDS.unlike.pattern)
  unlike(command: UndoCommand): Promise<WriteAnswer> {
    return this.carryOut(UNDO.unlike, command);
  }

  @MessagePattern(UNDO_COMMANDS.unshare.pattern)
  unshare(command: UndoCommand): Promise<WriteAnswer> {
    return this.carryOut(UNDO.unshare, command);
  }

  private async carryOut(kind: Undo, command: UndoCommand): Promise<WriteAnswer> {
    const { actor, object } = command;
    const isKnown = () => this.knownObjects.orCode(objectName(object), 'OBJECT_NOT_FOUND');
    return carryOut(
      this.events,
      kind,
      { ...command, stream: actor.id },
      (outcome) => answerOf(command, outcome),
      isKnown,
    );
  }
}

const answerOf = ({ actor, ifNothing }: UndoCommand, outcome: CarriedOut<unknown>): WriteAnswer =>
  ifNothing && outcome.kind === 'unchanged'
    ? { ok: false, code: ifNothing }
    : writeAnswer('activity', actor.id, outcome);

async function findUndone(
  tx: ClientBase,
  statement: { name: string; text: string },
  commands: readonly ObjectCommand[],
): Promise<(Undone | undefined)[]> {
  const { rows } = await tx.query<{ undone: Undone | null }>(statement, columnsOf(commands));
  return rows.map(({ undone }) => undone ?? undefined);
}

const columnsOf = (commands: readonly ObjectCommand[]) => [
  commands.map(({ actor }) => actor.id),
  commands.map(({ object }) => object.type),
  commands.map(({ object }) => object.id),
];
