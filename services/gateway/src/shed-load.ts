import { statusOf } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import type { FastifyInstance } from 'fastify';
import { errorAnswer } from './error-answers/error-answer';
import { retryAfter } from './error-answers/retry-after';

/** Milliseconds for which a request may have waited to be read, as far as that can be seen: more than any pause takes. */
const MOST_WAIT = 1_000;

const REFUSAL = JSON.stringify(errorAnswer('SERVICE_UNAVAILABLE'));

/**
 * Refuses at once, and with little work, what has waited too long in its socket: in a process that gets more than it can
 * answer, the queue would otherwise grow past the clients' timeouts. Nothing tells
 * when a request arrived, but those that are read in one turn of the event loop were all there when the turn began.
 * What needs no key, such as the probes of health, is answered always.
 */
export function shedLoad(fastify: FastifyInstance, logger: Logger, mostWait = MOST_WAIT): void {
  let turnBegan: number | undefined;
  let refused = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (turnBegan === undefined) {
      turnBegan = performance.now();
      setImmediate(() => {
        turnBegan = undefined;
        // One line for all of them: they have none of their own.
        if (refused > 0)
          logger.warn({ refused }, 'more requests arrive than can be answered; refused those that waited');
        refused = 0;
      });
    } else if (performance.now() - turnBegan > mostWait && request.routeOptions.config.access !== 'public') {
      refused++;
      request.isExcess = true;
      reply
        .code(statusOf('SERVICE_UNAVAILABLE'))
        .header('retry-after', retryAfter())
        .header('content-type', 'application/json; charset=utf-8')
        .send(REFUSAL);
      return;
    }
    done();
  });
}
