import {
  type Answer,
  NewestVersions,
  type Source,
  StreamVersion,
  sourcesOf,
  type UserId,
  type WriteService,
} from '@activity-feed/contracts';
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

/** Creates the controller that answers queries for the versions of a stream at all sources of `service`. */
export function answerNewestVersions(service: WriteService): Type<unknown> {
  @Controller()
  class NewestVersionsController {
    constructor(private readonly events: EventStore) {}

    @MessagePattern(NewestVersions[service].pattern)
    async versions({ stream }: { stream: UserId }): Promise<Answer<{ source: Source; version: number }[]>> {
      const versions = sourcesOf(service).map(async (source) => {
        const version = await this.events.version(stream, eventsTableOf(source));
        return { source, version };
      });
      return { ok: true, value: await Promise.all(versions) };
    }
  }
  return NewestVersionsController;
}
