import { type ErrorCode, type Place, statusOf } from '@activity-feed/contracts';
import { Logger } from '@activity-feed/hosting';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { scopeOf } from '../trace-requests/request-scope';
import { ApiError } from './api-error';
import { errorAnswer } from './error-answer';
import { retryAfter } from './retry-after';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which part of the request names the subject of errors; by default the body. */
    subjectIn?: Place;
  }
}

/** Errors that a client gets over by waiting. */
const TEMPORARY: ReadonlySet<ErrorCode> = new Set(['IDEMPOTENCY_KEY_IN_USE', 'SERVICE_UNAVAILABLE']);

/** API errors for the framework's own errors. */
const CODES: Record<number, ErrorCode> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'REQUEST_TOO_LARGE',
  415: 'JSON_REQUIRED',
};

/** Turns every exception into an API error; only unexpected exceptions are logged as errors. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { code, headers, reason } = toApiError(error);
    const fields = { err: error, ...scopeOf(request).ids, method: request.method, route: request.routeOptions.url };
    if (code === 'INTERNAL') this.logger.error(fields, 'request failed');
    if (code === 'SERVICE_UNAVAILABLE') this.logger.warn(fields, 'service unavailable; answering 503');
    if (TEMPORARY.has(code)) reply.header('retry-after', retryAfter());
    // Of a part of the request that was carried out: they would tell errors with the same code apart.
    for (const header of ['consistency-token', 'feed-freshness', 'idempotent-replayed']) reply.removeHeader(header);
    reply
      .status(statusOf(code, request.routeOptions.config?.subjectIn))
      .headers(headers)
      .send(errorAnswer(code, request.id, reason));
  }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HttpException) return new ApiError(codeOf(error.getStatus()));
  // Errors of the framework, for example when a client disconnects while sending its body.
  const { statusCode = 500 } = error as { statusCode?: number };
  return new ApiError(codeOf(statusCode));
}

/** The API error for a status of the framework; INTERNAL if unknown. */
const codeOf = (status: number): ErrorCode => CODES[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL');
