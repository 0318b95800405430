import {
  type Answer,
  type Deadline,
  FindOutcome,
  type Idempotency,
  type Message,
  type Written,
} from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Counter } from 'prom-client';
import { ApiError } from '../error-answers/api-error';
import { Consistency } from '../read-own-writes/consistency';
import { idempotencyOf, REPLAYED_HEADER } from '../repeat-requests/idempotency-key';
import { Services, serviceOf } from '../services/services';
import { scopeOf } from '../trace-requests/request-scope';

const replays = new Counter({
  name: 'gateway_idempotent_replays_total',
  help: 'Requests that repeated an earlier one with the same idempotency key, and got its answer',
});

/** What every command may have. */
interface Additions {
  traceparent?: string;
  deadline?: Deadline;
  idempotency?: Idempotency;
}

/** A command, or what makes it: it is not called for a request that repeats an earlier one. */
type Prepared<Command> = Command | (() => Command | Promise<Command>);

/** Sends commands to the write services on behalf of a request. */
@Injectable()
export class Commands {
  constructor(
    private readonly services: Services,
    private readonly consistency: Consistency,
  ) {}

  /**
   * Carries out `command` and puts the consistency token on the reply. What may refuse the request for a reason that can change
   * meanwhile belongs into the function that makes the command. Throws ApiError.
   */
  async send<Command extends object, Value extends Pick<Written, 'token' | 'also' | 'concerns' | 'changesAccount'>>(
    message: Message<Command & Additions, Answer<Value>>,
    command: Prepared<Command>,
    reply: FastifyReply,
  ): Promise<Value> {
    const value = await this.carryOut(message, command, reply);
    const since = performance.now();
    // For a repeat too: the first answer may not have been sent.
    await this.consistency.afterWrite(reply, value);
    scopeOf(reply.request).noteWait('announcement', since);
    return value;
  }

  /** The same for a command whose answer has no token. */
  async carryOut<Command extends object, Value>(
    message: Message<Command & Additions, Answer<Value>>,
    command: Prepared<Command>,
    reply: FastifyReply,
  ): Promise<Value> {
    const { request } = reply;
    const idempotency = idempotencyOf(request);
    const kept = idempotency && (await this.findKept<Value>(message, idempotency));
    if (kept) return replay(kept.value, reply);
    const prepared = typeof command === 'function' ? await command() : command;
    const { value, replayed } = await this.services.command(message, {
      ...prepared,
      traceparent: scopeOf(request).traceparent(),
      ...(idempotency && { idempotency }),
    });
    return replayed ? replay(value, reply) : value;
  }

  /**
   * Finds the value of the first answer to a key. A service that does not know the question does not know keys either, and
   * answers with an error: without it, repeats would be carried out again.
   */
  private async findKept<Value>(
    message: Pick<Message<unknown, Answer<Value>>, 'pattern'>,
    { caller, key, fingerprint }: Idempotency,
  ): Promise<{ value: Value } | undefined> {
    const kept = await this.services.ask(FindOutcome[serviceOf(message)], { caller, key });
    if (!kept) return undefined;
    if (kept.fingerprint !== fingerprint) throw new ApiError('IDEMPOTENCY_KEY_REUSED');
    return { value: kept.value as Value };
  }
}

function replay<Value>(value: Value, reply: FastifyReply): Value {
  reply.header(REPLAYED_HEADER, 'true');
  replays.inc();
  return value;
}
