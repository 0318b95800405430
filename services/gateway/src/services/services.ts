import type { Answer, Deadline, Message, WriteService } from '@activity-feed/contracts';
import { ANSWER_LIMIT, COMMAND_LIMIT, Ping, SendEvents } from '@activity-feed/contracts';
import { attempt } from '@activity-feed/hosting';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { firstValueFrom, Observable, takeUntil } from 'rxjs';
import { ApiError } from '../error-answers/api-error';
import { beginCall } from '../trace-requests/call';
import { ServiceClient } from './service-client';
import { ServiceClock } from './service-clock';

export type ServiceName = WriteService;

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ServiceAddresses {
  readonly SOCIAL_GRAPH_ADDRESS: Address;
  readonly ACTIVITY_ADDRESS: Address;
  readonly SERVICE_SECRET?: string | undefined;
}

/**
 * Calls the write services over Nest's TCP transport. After a lost connection the next call reconnects. Commands have
 * their own connections: on one connection, answers wait for each other, and those of queries may be long.
 */
@Injectable()
export class Services implements OnApplicationShutdown {
  private readonly queries: Clients;
  private readonly commands: Clients;
  private readonly clocks: Record<ServiceName, ServiceClock> = {
    'social-graph': new ServiceClock(),
    activity: new ServiceClock(),
  };

  constructor(addresses: ServiceAddresses) {
    this.queries = clientsOf(addresses);
    this.commands = clientsOf(addresses);
  }

  /**
   * Sends `message` to the service that its pattern begins with, and returns the value of the answer.
   * Throws ApiError: the service's error code, or SERVICE_UNAVAILABLE if no answer arrives within `limit` milliseconds.
   */
  async ask<Request, Value>(
    message: Message<Request, Answer<Value>>,
    request: Request,
    limit = ANSWER_LIMIT,
  ): Promise<Value> {
    return valueFrom(await send(this.queries[serviceOf(message)], message, request, limit));
  }

  /**
   * Sends a command with a deadline. The service carries it out in time or not at all, except for a command that is
   * being committed at its deadline. Throws ApiError like `ask`.
   */
  async command<Command extends { deadline?: Deadline }, Value>(
    message: Message<Command, Answer<Value>>,
    command: Command,
  ): Promise<{ value: Value; replayed?: true }> {
    const service = serviceOf(message);
    const clock = this.clocks[service];
    const start = performance.now();
    for (;;) {
      const deadline = clock.deadline(start + COMMAND_LIMIT);
      const sentAt = performance.now();
      const left = Math.max(0, start + ANSWER_LIMIT - sentAt);
      const answer = await send(this.commands[service], message, { ...command, deadline }, left);
      // Refused only because of the clock: sent again with a deadline by the service's clock.
      if (answer.ok || !answer.clock) return unlessRefused(answer);
      clock.learn(answer.clock, performance.now(), sentAt);
    }
  }

  /** Lets `service` send what it has recorded. Without an answer, reads that need it wait longer. */
  sendEvents(service: ServiceName): void {
    // No request waits for it.
    void attempt(exchange(this.queries[service], SendEvents[service], {}, ANSWER_LIMIT));
  }

  /** The state of `service`, `up` or `degraded`. Throws if it is unavailable. */
  async ping(service: ServiceName): Promise<string> {
    const status = valueFrom(await send(this.queries[service], Ping, {}, ANSWER_LIMIT));
    if (status === 'unavailable') throw new ApiError('SERVICE_UNAVAILABLE');
    return status === 'ready' ? 'up' : status;
  }

  onApplicationShutdown(): void {
    for (const clients of [this.queries, this.commands]) {
      for (const client of Object.values(clients)) client.close();
    }
  }
}

type Clients = Readonly<Record<ServiceName, ServiceClient>>;

const clientsOf = ({ SOCIAL_GRAPH_ADDRESS, ACTIVITY_ADDRESS, SERVICE_SECRET: secret }: ServiceAddresses): Clients => ({
  'social-graph': new ServiceClient({ ...SOCIAL_GRAPH_ADDRESS, secret }),
  activity: new ServiceClient({ ...ACTIVITY_ADDRESS, secret }),
});

/** Sends on behalf of the request that the caller runs for, if there is one. */
async function send<Request, Value>(
  client: ServiceClient,
  message: Message<Request, Answer<Value>>,
  request: Request,
  limit: number,
): Promise<Answer<Value>> {
  const call = beginCall(message.pattern);
  if (!call) return exchange(client, message, request, limit);
  try {
    const answer = await exchange(client, message, { ...request, traceparent: call.traceparent }, limit);
    call.end(answer.ok || answer.clock ? undefined : answer.code);
    return answer;
  } catch (error) {
    call.end('SERVICE_UNAVAILABLE');
    throw error;
  }
}

async function exchange<Request, Value>(
  client: ServiceClient,
  message: Message<Request, Answer<Value>>,
  request: Request,
  limit: number,
): Promise<Answer<Value>> {
  try {
    const answers = client.send<Answer<Value>>(message.pattern, request);
    return await firstValueFrom(answers.pipe(takeUntil(elapsed(limit))));
  } catch (error) {
    throw new ApiError('SERVICE_UNAVAILABLE', {}, { cause: error });
  }
}

export const serviceOf = ({ pattern }: Pick<Message<unknown, unknown>, 'pattern'>) =>
  pattern.slice(0, pattern.indexOf('.')) as ServiceName;

const valueFrom = <Value>(answer: Answer<Value>): Value => unlessRefused(answer).value;

function unlessRefused<Value>(answer: Answer<Value>): Answer<Value> & { ok: true } {
  if (!answer.ok) throw new ApiError(answer.code);
  return answer;
}

/**
 * Emits after `limit` milliseconds and one more turn of the event loop. In a busy process the answer may already be in
 * the socket, and is then read first.
 */
const elapsed = (limit: number) =>
  new Observable<void>((subscriber) => {
    const timer = setTimeout(() => setImmediate(() => subscriber.next()), limit);
    return () => clearTimeout(timer);
  });
