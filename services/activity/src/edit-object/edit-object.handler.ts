import { writeAnswer } from '@activity-feed/backend';
import {
  type EditAnswer,
  EditObject,
  type EditObjectCommand,
  type EventTime,
  type NewEvent,
  objectName,
  type UserId,
} from '@activity-feed/contracts';
import { type CommandKind, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { type CurrentVersion, findCurrentVersions } from '../find-object/current-versions';
import { KnownObjects } from '../find-object/known-objects';
import { decideEdit } from './edit-object.decide';

/** Both parts read the rows as they were before the statement. Relies on the primary key of objects. */
const PROJECTION = {
  name: 'edit-objects',
  text: `
WITH edits AS (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::int[], $5::timestamptz[]) AS e(type, id, content, revision, time)
), replaced AS (
  INSERT INTO object_versions (object_type, object_id, revision, content, time)
  SELECT type, id, objects.revision, objects.content, coalesce(edited_at, created_at) FROM objects JOIN edits USING (type, id)
)
UPDATE objects SET content = edits.content, revision = edits.revision, edited_at = edits.time
FROM edits WHERE objects.type = edits.type AND objects.id = edits.id`,
};

type EditOnStream = EditObjectCommand & { stream: UserId };
type Edited = NewEvent<'activity.object-edited.v1'>;

const editObject: CommandKind<EditOnStream, CurrentVersion | undefined, Edited, EventTime | null> = {
  facts: (tx, commands) =>
    findCurrentVersions(
      tx,
      commands.map(({ object }) => object),
    ),
  decide: (current, { actor, object, content }) => decideEdit(current, actor, object, content),
  project: (recorded) => {
    const edits = recorded.map(({ event: { data, time } }) => ({ ...data.object, revision: data.revision, time }));
    return {
      ...PROJECTION,
      values: [
        edits.map(({ type }) => type),
        edits.map(({ id }) => id),
        edits.map(({ content }) => content),
        edits.map(({ revision }) => revision),
        edits.map(({ time }) => time),
      ],
    };
  },
};

@Controller()
export class EditObjectHandler {
  constructor(
    private readonly events: EventStore,
    private readonly knownObjects: KnownObjects,
  ) {}

  @MessagePattern(EditObject.pattern)
  async handle(command: EditObjectCommand): Promise<EditAnswer> {
    const { actor, object } = command;
    const isKnown = () => this.knownObjects.orCode(objectName(object), 'OBJECT_NOT_FOUND');
    const outcome = await this.events.execute(editObject, { ...command, stream: actor.id }, isKnown);
    if (outcome.kind === 'rejected') return { ok: false, code: outcome.code };
    const answer = writeAnswer('activity', actor.id, outcome);
    if (!answer.ok) return answer;
    const editedAt = outcome.kind === 'recorded' ? outcome.event.time : outcome.state;
    return { ok: true, value: { ...answer.value, editedAt } };
  }
}
