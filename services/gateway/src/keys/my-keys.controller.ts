import { FindKeys, type KeyHolder, RevokeKey } from '@activity-feed/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { hashOf } from '../authenticate/identities';
import { Commands } from '../commands/commands';
import { ApiError } from '../error-answers/api-error';
import { Services } from '../services/services';
import {
  DescribeIssue,
  DescribeMyKeys,
  DescribeRevocation,
  type IssuedAnswer,
  type KeysAnswer,
  type RevokedAnswer,
} from './describe-keys';
import { KeyChanges } from './key-changes';
import { KeyRequests } from './key-requests';

/** The keys of the caller. Keys are in no event, so these routes have no consistency tokens: social-graph answers them. */
@Controller('me/keys')
export class MyKeysController {
  constructor(
    private readonly services: Services,
    private readonly commands: Commands,
    private readonly requests: KeyRequests,
    private readonly changes: KeyChanges,
  ) {}

  @Get()
  @DescribeMyKeys()
  async list(@CurrentCaller() { user }: Caller): Promise<KeysAnswer> {
    const keys = await this.services.ask(FindKeys, { user: user.id });
    return {
      keys: keys.map(({ id, name, createdAt, lastUsedAt, expiresAt }) => ({
        id,
        name,
        created_at: createdAt,
        last_used_at: lastUsedAt,
        expires_at: expiresAt,
      })),
    };
  }

  @Post()
  @HttpCode(201)
  @DescribeIssue('caller')
  issue(
    @CurrentCaller() caller: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedAnswer> {
    return this.requests.issue(holderOf(caller), body, reply);
  }

  @Delete(':id')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeRevocation()
  async revoke(
    @CurrentCaller() caller: Caller,
    @Param('id') text: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RevokedAnswer> {
    const id = toKeyId(text);
    const { token } = await this.commands.carryOut(RevokeKey, { holder: holderOf(caller), id }, reply);
    await this.changes.revoked(token);
    return { id, message: 'Key revoked' };
  }
}

const holderOf = ({ user, key }: Caller): KeyHolder => ({ actor: user, keyHash: hashOf(key) });

/** Throws ApiError KEY_NOT_FOUND for what no key can have. */
function toKeyId(text: string): number {
  const id = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw new ApiError('KEY_NOT_FOUND');
  return id;
}
