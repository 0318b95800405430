import type { Answer } from '@activity-feed/contracts';
import { leftFor } from '@activity-feed/hosting';
import {
  type BeforeApplicationShutdown,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { finalize, type Observable, of } from 'rxjs';
import { observeRequest } from './rpc-metrics';

/**
 * During a shutdown, waits for requests in progress and refuses new ones. Nest's transport would close its connections
 * at once, and senders could not know whether their commands were carried out.
 */
@Injectable()
export class Drain implements NestInterceptor, BeforeApplicationShutdown {
  private running = 0;
  private draining = false;
  private onIdle: () => void = () => undefined;

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    if (context.getType() !== 'rpc') return next.handle();
    if (this.draining) return of<Answer<never>>({ ok: false, code: 'SERVICE_UNAVAILABLE' });
    this.running++;
    const began = performance.now();
    const end = () => {
      observeRequest(context, began);
      this.ended();
    };
    return next.handle().pipe(finalize(end));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.draining = true;
    if (this.running > 0) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve;
        setTimeout(resolve, leftFor('finish')).unref();
      });
    }
    // The last answer is written in the current turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }

  private ended(): void {
    this.running--;
    if (this.running === 0) this.onIdle();
  }
}
