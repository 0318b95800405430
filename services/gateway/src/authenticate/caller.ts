import type { By, User } from '@activity-feed/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export interface Caller {
  user: User;
  /** The key from the request. */
  key: string;
}

/** The authenticated user of a request; throws on routes without authentication. */
export function callerOf({ user, key }: FastifyRequest): Caller {
  if (!user || !key) throw new Error('the route is not authenticated, so it has no caller');
  return { user, key };
}

export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** Who acts on a route with the access `user-or-admin`. */
export const UserOrAdmin = createParamDecorator((_: unknown, context: ExecutionContext): By => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return request.isAdmin ? 'admin' : callerOf(request).user;
});
