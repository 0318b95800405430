import { writeAnswer } from '@activity-feed/backend';
import {
  type NewEvent,
  objectName,
  RemoveVersion,
  type RemoveVersionCommand,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import type { ClientBase } from 'pg';
import { findCurrentVersions } from '../find-object/current-versions';
import { KnownObjects } from '../find-object/known-objects';
import { decideRemoval, type RemovalFacts } from './remove-version.decide';

/** Relies on the primary key of object_versions. */
const KEPT = {
  name: 'find-kept-versions',
  text: `
SELECT versions.revision IS NOT NULL AS kept
FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS wanted(type, id, revision, place)
LEFT JOIN object_versions AS versions
  ON object_type = type AND object_id = id AND versions.revision = wanted.revision
ORDER BY place`,
};

/** Relies on the primary key of object_versions. */
const PROJECTION = {
  name: 'remove-versions',
  text: `
DELETE FROM object_versions USING unnest($1::text[], $2::bigint[], $3::bigint[]) AS removed(type, id, revision)
WHERE object_type = type AND object_id = id AND object_versions.revision = removed.revision`,
};

type RemovalOnStream = RemoveVersionCommand & { stream: UserId };

const removeVersion: CommandKind<RemovalOnStream, RemovalFacts, NewEvent<'activity.object-edited.v1'>> = {
  name: RemoveVersion.pattern,
  facts: async (tx, commands) => {
    const [current, kept] = await Promise.all([findCurrentVersions(tx, commands), findKept(tx, commands)]);
    return commands.map((_, index) => ({ current: current[index], kept: kept[index] as boolean }));
  },
  decide: (facts, { actor, object, version }) => decideRemoval(facts, actor, object, version),
  project: (recorded) => ({ ...PROJECTION, values: columnsOf(recorded.map(({ command }) => command)) }),
};

@Controller()
export class RemoveVersionHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(RemoveVersion.pattern)
  async handle(command: RemoveVersionCommand): Promise<WriteAnswer> {
    const { actor, object } = command;
    const isKnown = () => this.knownObjects.orCode(objectName(object), 'OBJECT_NOT_FOUND');
    const answerOf = (outcome: CarriedOut<unknown>) => writeAnswer('activity', actor.id, outcome);
    return carryOut(this.events, removeVersion, { ...command, stream: actor.id }, answerOf, isKnown);
  }
}

async function findKept(tx: ClientBase, commands: readonly RemoveVersionCommand[]): Promise<boolean[]> {
  const { rows } = await tx.query<{ kept: boolean }>(KEPT, columnsOf(commands));
  return rows.map(({ kept }) => kept);
}

const columnsOf = (commands: readonly RemoveVersionCommand[]) => [
  commands.map(({ object }) => object.type),
  commands.map(({ object }) => object.id),
  commands.map(({ version }) => version),
];
