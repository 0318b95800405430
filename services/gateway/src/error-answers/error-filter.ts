import { Logger } from '@activity-feed/hosting';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error';
import { errorAnswer } from './error-answer';
import { retryAfter } from './retry-after';
import { codeOf, statusOf } from './statuses';

/** Turns whatever ends a request into an error of the catalogue; only what nobody foresaw is logged as an error. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { code, headers, reason } = toApiError(error);
    const fields = { err: error, request_id: request.id, method: request.method, route: request.routeOptions.url };
    if (code === 'INTERNAL') this.logger.error(fields, 'request failed');
    if (code === 'SERVICE_UNAVAILABLE') {
      this.logger.warn(fields, 'a service does not answer');
      reply.header('retry-after', retryAfter());
    }
    reply
      .status(statusOf(code, request.method))
      .headers(headers)
      .send(errorAnswer(code, request.id, reason));
  }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HttpException) return new ApiError(codeOf(error.getStatus()));
  // The framework's own, as for a client that hangs up in the middle of its body.
  const { statusCode = 500 } = error as { statusCode?: number };
  return new ApiError(codeOf(statusCode));
}
