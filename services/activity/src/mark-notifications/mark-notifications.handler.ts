import { writeAnswer } from '@activity-feed/backend';
import {
  MarkNotifications,
  type MarkNotificationsCommand,
  Marks,
  type NewEvent,
  NO_MARKS,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, type CommandKind, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { decideMarks } from './mark-notifications.decide';

/** Relies on the primary key of marks. */
const CURRENT = {
  name: 'find-marks',
  text: `
SELECT marks.data FROM unnest($1::int[]) WITH ORDINALITY AS wanted(stream, place) LEFT JOIN marks USING (stream)
ORDER BY place`,
};

type MarkOnStream = MarkNotificationsCommand & { stream: UserId };
type Moved = NewEvent<'activity.marks-moved.v1'>;

const markNotifications: CommandKind<MarkOnStream, Marks, Moved> = {
  name: MarkNotifications.pattern,
  table: 'marks',
  facts: async (tx, commands) => {
    const { rows } = await tx.query<{ data: Marks | null }>(CURRENT, [commands.map(({ stream }) => stream)]);
    return rows.map(({ data }) => (data ? Marks.parse(data) : NO_MARKS));
  },
  decide: (current, { actor, marks }) => decideMarks(current, actor, marks),
  project: () => undefined,
};

@Controller()
export class MarkNotificationsHandler {
  constructor(private readonly events: EventStore) {}

  @MessagePattern(MarkNotifications.pattern)
  async handle(command: MarkNotificationsCommand): Promise<WriteAnswer> {
    const { id } = command.actor;
    const answerOf = (outcome: CarriedOut<unknown>) => writeAnswer('activity-marks', id, outcome);
    return carryOut(this.events, markNotifications, { ...command, stream: id }, answerOf);
  }
}
