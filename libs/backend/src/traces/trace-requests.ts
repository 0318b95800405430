import type { Answer } from '@activity-feed/contracts';
import { Logger, within } from '@activity-feed/hosting';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { TcpContext } from '@nestjs/microservices';
import { finalize, type Observable, tap } from 'rxjs';
import { RequestTrace } from './request-trace';

/** Lets the log lines of a command or query know the request that it belongs to, and records its span. */
@Injectable()
export class TraceRequests implements NestInterceptor {
  constructor(private readonly logger: Logger) {}

  intercept(context: ExecutionContext, next: CallHandler<Answer<unknown>>): Observable<Answer<unknown>> {
    if (context.getType() !== 'rpc') return next.handle();
    const rpc = context.switchToRpc();
    const trace = new RequestTrace(rpc.getContext<TcpContext>().getPattern(), rpc.getData());
    let code: string | undefined;
    const note = {
      next: (answer: Answer<unknown>) => {
        if (answer && !answer.ok && !answer.clock) code = answer.code;
      },
      error: () => {
        code = 'INTERNAL';
      },
    };
    // The handler runs in the scope in which `handle` was called.
    return within(trace, () => next.handle()).pipe(
      tap(note),
      finalize(() => trace.end(this.logger, code)),
    );
  }
}
