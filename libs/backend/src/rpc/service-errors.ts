import type { Answer } from '@activity-feed/contracts';
import { Logger } from '@activity-feed/hosting';
import { type ArgumentsHost, Catch, type ExceptionFilter, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, of } from 'rxjs';
import { isUnavailable } from '../database/is-unavailable';
import { traceOf } from '../traces/request-trace';

/** Turns any error of a message handler into an answer with a code; the details are only logged. */
@Catch()
export class ServiceErrors implements RpcExceptionFilter, ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): Observable<Answer<never>> {
    if (host.getType() !== 'rpc') throw error;
    const rpc = host.switchToRpc();
    const trace = traceOf(rpc.getData());
    const fields = {
      err: error,
      request: rpc.getContext<{ getPattern?(): string }>().getPattern?.(),
      ...trace?.ids,
      took: trace?.took,
    };
    if (isUnavailable(error)) {
      this.logger.warn(fields, 'database unavailable; command or query refused');
      return of({ ok: false, code: 'SERVICE_UNAVAILABLE' });
    }
    this.logger.error(fields, 'request failed');
    return of({ ok: false, code: 'INTERNAL' });
  }
}
