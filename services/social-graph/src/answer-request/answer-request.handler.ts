import { writeAnswer } from '@activity-feed/backend';
import {
  AcceptRequest,
  DeclineRequest,
  encodeToken,
  type StoredEvent,
  type UserCommand,
  type UserId,
  type WriteAnswer,
} from '@activity-feed/contracts';
import { type CarriedOut, carryOut, EventStore } from '@activity-feed/eventing';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { findByName } from '../find-user/find-by-name';
import { answerKind } from './answer-request.kind';

const acceptRequest = answerKind('accepted');
const declineRequest = answerKind('declined');

/** Accepts and declines requests. The actor's stream only bounds how many of these commands wait. */
@Controller()
export class AnswerRequestHandler {
  constructor(
    private readonly events: EventStore,
    private readonly pool: Pool,
  ) {}

  @MessagePattern(AcceptRequest.pattern)
  accept(command: UserCommand): Promise<WriteAnswer> {
    return this.answer(acceptRequest, command);
  }

  @MessagePattern(DeclineRequest.pattern)
  decline(command: UserCommand): Promise<WriteAnswer> {
    return this.answer(declineRequest, command);
  }

  private async answer(
    kind: typeof acceptRequest,
    { name, actor: target, ...command }: UserCommand,
  ): Promise<WriteAnswer> {
    const requester = await findByName(this.pool, name);
    if (!requester) return { ok: false, code: 'USER_NOT_FOUND' };
    const alsoOn = target.id === requester.id ? [] : [target.id];
    const answerOf = (outcome: CarriedOut<unknown>) =>
      outcome.kind === 'recorded'
        ? this.answerOf(requester.id, outcome.also)
        : writeAnswer('social-graph', requester.id, outcome);
    return carryOut(this.events, kind, { ...command, requester, target, stream: requester.id, alsoOn }, answerOf);
  }

  /** With a position in the requester's public stream: after the follow, if there is one. */
  private async answerOf(stream: UserId, also: readonly StoredEvent[]): Promise<WriteAnswer> {
    const version = also[0]?.version ?? (await this.events.version(stream));
    const token = encodeToken({ source: 'social-graph', stream, version });
    return { ok: true, value: { outcome: 'recorded', token } };
  }
}
