import type { Answer, Message, Source } from '@activity-feed/contracts';
import { Ping } from '@activity-feed/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ClientTCP } from '@nestjs/microservices';
import { lastValueFrom, timeout } from 'rxjs';
import type { Configuration } from '../configuration';
import { ApiError } from '../error-answers/api-error';

export type ServiceName = Source;

/** Milliseconds within which a service must answer. */
const LIMIT = 3_000;

/** The services that commands go to, asked over Nest's TCP transport; a lost connection is made anew by the next call. */
@Injectable()
export class Services implements OnApplicationShutdown {
  private readonly clients: Record<ServiceName, ClientTCP>;

  constructor(configuration: Pick<Configuration, 'SOCIAL_GRAPH_ADDRESS' | 'ACTIVITY_ADDRESS'>) {
    this.clients = {
      'social-graph': new ClientTCP(configuration.SOCIAL_GRAPH_ADDRESS),
      activity: new ClientTCP(configuration.ACTIVITY_ADDRESS),
    };
  }

  /**
   * Sends `message` to the service that its pattern begins with and gives the value of its answer, which must come
   * within `limit` milliseconds.
   * Throws ApiError: the code of a refusal, or SERVICE_UNAVAILABLE when no answer comes in time.
   */
  async ask<Request, Value>(message: Message<Request, Answer<Value>>, request: Request, limit = LIMIT): Promise<Value> {
    const service = message.pattern.slice(0, message.pattern.indexOf('.')) as ServiceName;
    return this.send(service, message, request, limit);
  }

  /** The state of `service`: `up`, or `degraded` as it says itself. Throws when it is no use or does not answer. */
  async ping(service: ServiceName): Promise<string> {
    const status = await this.send(service, Ping, {}, LIMIT);
    if (status === 'unavailable') throw new ApiError('SERVICE_UNAVAILABLE');
    return status === 'ready' ? 'up' : status;
  }

  onApplicationShutdown(): void {
    for (const client of Object.values(this.clients)) client.close();
  }

  private async send<Request, Value>(
    service: ServiceName,
    message: Message<Request, Answer<Value>>,
    request: Request,
    limit: number,
  ): Promise<Value> {
    let answer: Answer<Value>;
    try {
      answer = await lastValueFrom(
        this.clients[service].send<Answer<Value>>(message.pattern, request).pipe(timeout(limit)),
      );
    } catch (error) {
      throw new ApiError('SERVICE_UNAVAILABLE', {}, { cause: error });
    }
    if (!answer.ok) throw new ApiError(answer.code);
    return answer.value;
  }
}
