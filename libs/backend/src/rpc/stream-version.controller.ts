import type { Answer, Message, UserId } from '@activity-feed/contracts';
import { EventStore } from '@activity-feed/eventing';
import { Controller, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';

/** Creates the controller that answers `message` from the event store. */
export function answerStreamVersion(message: Message<{ stream: UserId }, Answer<number>>): Type<unknown> {
  @Controller()
  class StreamVersionController {
    constructor(private readonly events: EventStore) {}

    @MessagePattern(message.pattern)
    async version({ stream }: { stream: UserId }): Promise<Answer<number>> {
      return { ok: true, value: await this.events.version(stream) };
    }
  }
  return StreamVersionController;
}
