import { type Source, StreamVersion, type UserId } from '@activity-feed/contracts';
import { EventStore, eventsTableOf } from '@activity-feed/eventing';
import { Controller, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';

/** Creates the controller that answers queries for the versions of streams at `source`. */
export function answerStreamVersion(source: Source): Type<unknown> {
  @Controller()
  class StreamVersionController {
    constructor(private readonly events: EventStore) {}

    @MessagePattern(StreamVersion[source].pattern)
    async version({ stream }: { stream: UserId }): Promise<{ ok: true; value: number }> {
      return { ok: true, value: await this.events.version(stream, eventsTableOf(source)) };
    }
  }
  return StreamVersionController;
}
