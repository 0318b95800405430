import { IssueKey, type KeyHolder } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Identities } from '../authenticate/identities';
import { Commands } from '../commands/commands';
import { assertInFuture } from '../validate/future-time';
import { parse } from '../validate/parse';
import { type IssuedAnswer, KeyRequest } from './describe-keys';

/** Issues keys, for their users and for operators. */
@Injectable()
export class KeyRequests {
  constructor(
    private readonly commands: Commands,
    private readonly identities: Identities,
  ) {}

  async issue(holder: KeyHolder, body: unknown, reply: FastifyReply): Promise<IssuedAnswer> {
    const { name, expires_at = null } = parse(KeyRequest, body);
    const prepare = () => {
      assertInFuture(expires_at, 'EXPIRES_AT_INVALID');
      return { holder, name, expiresAt: expires_at };
    };
    const { id, authToken, createdAt } = await this.commands.carryOut(IssueKey, prepare, reply);
    if (authToken !== undefined) this.identities.issued(authToken);
    return {
      id,
      name,
      ...(authToken !== undefined && { auth_token: authToken }),
      created_at: createdAt,
      expires_at,
    };
  }
}
