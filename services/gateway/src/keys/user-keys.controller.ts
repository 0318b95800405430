import { type KeyHolder, RevokeAllKeys } from '@activity-feed/contracts';
import { Body, Controller, Delete, HttpCode, Param, Post, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { Commands } from '../commands/commands';
import { toUserName } from '../validate/user-name';
import { type AllRevokedAnswer, DescribeAllRevocations, DescribeIssue, type IssuedAnswer } from './describe-keys';
import { KeyChanges } from './key-changes';
import { KeyRequests } from './key-requests';

/** The keys of any user, for operators: after a key was lost, or has become known. */
@Controller('users/:name/keys')
export class UserKeysController {
  constructor(
    private readonly commands: Commands,
    private readonly requests: KeyRequests,
    private readonly changes: KeyChanges,
  ) {}

  @Post()
  @HttpCode(201)
  @RouteConfig({ subjectIn: 'path', access: 'admin' })
  @DescribeIssue('user')
  issue(
    @Param('name') name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IssuedAnswer> {
    return this.requests.issue({ name: toUserName(name) }, body, reply);
  }

  @Delete()
  @RouteConfig({ subjectIn: 'path', access: 'admin' })
  @DescribeAllRevocations()
  async revokeAll(
    @Param('name') text: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AllRevokedAnswer> {
    const name = toUserName(text);
    const holder = { name } as KeyHolder;
    const { count, token } = await this.commands.carryOut(RevokeAllKeys, { holder }, reply);
    await this.changes.revoked(token);
    return { name, revoked: count, message: 'Keys revoked' };
  }
}
