import { randomUUID } from 'node:crypto';
import type { Answer, Deadline, Refusal } from '@activity-feed/contracts';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, of } from 'rxjs';

/**
 * Refuses commands whose deadline has passed by this process's monotonic clock, for instance because they waited in the
 * socket while the process was frozen. A deadline by another instance's clock is answered with a reading of this clock,
 * from which the sender computes a new deadline.
 */
@Injectable()
export class Deadlines implements NestInterceptor {
  private readonly instance = randomUUID();

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const { deadline } = context.switchToRpc().getData<{ deadline?: Deadline } | undefined>() ?? {};
    if (context.getType() !== 'rpc' || !deadline) return next.handle();
    const now = performance.now();
    if (deadline.instance !== this.instance) return refuse({ clock: { instance: this.instance, now } });
    return now >= deadline.at ? refuse() : next.handle();
  }
}

const refuse = (more: Pick<Refusal, 'clock'> = {}) =>
  of<Answer<never>>({ ok: false, code: 'SERVICE_UNAVAILABLE', ...more });
