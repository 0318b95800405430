import type { Answer, Deadline, Message, Written } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Consistency } from '../read-own-writes/consistency';
import { Services } from '../services/services';
import { scopeOf } from '../trace-requests/request-scope';

/** Sends commands to the write services on behalf of a request. */
@Injectable()
export class Commands {
  constructor(
    private readonly services: Services,
    private readonly consistency: Consistency,
  ) {}

  /** Sends `command` with a trace context and puts the consistency token on the reply. Throws ApiError. */
  async send<Command extends object, Value extends Pick<Written, 'token' | 'also' | 'concerns' | 'changesAccount'>>(
    message: Message<Command & { traceparent?: string; deadline?: Deadline }, Answer<Value>>,
    command: Command,
    reply: FastifyReply,
  ): Promise<Value> {
    const scope = scopeOf(reply.request);
    const value = await this.services.command(message, { ...command, traceparent: scope.traceparent() });
    const since = performance.now();
    await this.consistency.afterWrite(reply, value);
    scope.noteWait('announcement', since);
    return value;
  }
}
