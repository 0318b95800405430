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
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { CURRENT_MENTIONS, findCurrentVersions } from '../find-object/current-versions';
import { KnownObjects } from '../find-object/known-objects';
import { findMentionedBefore } from '../note-mentions/mentioned-before';
import { noteMentionedIn, toColumn } from '../note-mentions/mentions-sql';
import { decideEdit, type EditFacts } from './edit-object.decide';

/** All parts read the rows as they were before the statement. Relies on the primary key of objects. */
const PROJECTION = {
  name: 'edit-objects',
  text: `
WITH edits AS (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::int[], $5::timestamptz[], $6::jsonb[])
    AS e(type, id, content, revision, time, mentions)
), replaced AS (
  INSERT INTO object_versions (object_type, object_id, revision, content, time, mentions)
  SELECT type, id, objects.revision, objects.content, coalesce(edited_at, created_at), ${CURRENT_MENTIONS}
  FROM objects JOIN edits USING (type, id)
), noted AS (${noteMentionedIn('edits')})
UPDATE objects SET content = edits.content, revision = edits.revision, edited_at = edits.time, mentions = edits.mentions,
  mentions_revision = CASE WHEN edits.mentions IS NOT NULL THEN edits.revision END
FROM edits WHERE objects.type = edits.type AND objects.id = edits.id`,
};

type EditOnStream = EditObjectCommand & { stream: UserId };
type Edited = NewEvent<'activity.object-edited.v1'>;

const editObject: CommandKind<EditOnStream, EditFacts, Edited, EventTime | null> = {
  name: EditObject.pattern,
  facts: async (tx, commands) => {
    const [current, before] = await Promise.all([findCurrentVersions(tx, commands), findMentionedBefore(tx, commands)]);
    return commands.map((_, index) => ({ current: current[index], mentionedBefore: before[index] as Set<UserId> }));
  },
  decide: (facts, { actor, object, content, mentions }) => decideEdit(facts, actor, object, content, mentions),
  project: (recorded) => {
    const edits = recorded.map(({ event: { data, time } }) => ({ ...data, ...data.object, time }));
    return {
      ...PROJECTION,
      values: [
        edits.map(({ type }) => type),
        edits.map(({ id }) => id),
        edits.map(({ content }) => content),
        edits.map(({ revision }) => revision),
        edits.map(({ time }) => time),
        edits.map(({ mentions }) => toColumn(mentions)),
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
    const answerOf = (outcome: CarriedOut<Edited, EventTime | null>): EditAnswer => {
      const answer = writeAnswer('activity', actor.id, outcome);
      const editedAt = outcome.kind === 'recorded' ? outcome.event.time : outcome.state;
      return answer.ok ? { ok: true, value: { ...answer.value, editedAt } } : answer;
    };
    return carryOut(this.events, editObject, { ...command, stream: actor.id }, answerOf, isKnown);
  }
}
