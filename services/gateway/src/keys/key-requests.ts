import { IssueKey, type KeyHolder } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Identities } from '../authenticate/identities';
import { Services } from '../services/services';
import { scopeOf } from '../trace-requests/request-scope';
import { parse } from '../validate/parse';
import { type IssuedAnswer, KeyRequest } from './describe-keys';

/** Issues keys, for their users and for operators. */
@Injectable()
export class KeyRequests {
  constructor(
    private readonly services: Services,
    private readonly identities: Identities,
  ) {}

  async issue(holder: KeyHolder, body: unknown, reply: FastifyReply): Promise<IssuedAnswer> {
    const { name, expires_at = null } = parse(KeyRequest, body);
    const command = { holder, name, expiresAt: expires_at, traceparent: traceOf(reply) };
    const { id, authToken, createdAt } = await this.services.command(IssueKey, command);
    this.identities.issued(authToken);
    return { id, name, auth_token: authToken, created_at: createdAt, expires_at };
  }
}

export const traceOf = ({ request }: FastifyReply): string => scopeOf(request).traceparent();
