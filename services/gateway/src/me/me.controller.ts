import { ChangePrivacy, FindUser } from '@activity-feed/contracts';
import { Body, Controller, Get, Patch, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { Services } from '../services/services';
import { parse } from '../validate/parse';
import { DescribeMe, DescribeMeChange, type MeAnswer, MeRequest } from './describe-me';

@Controller('me')
export class MeController {
  constructor(
    private readonly services: Services,
    private readonly commands: Commands,
  ) {}

  @Get()
  @DescribeMe()
  async me(@CurrentCaller() { user, key }: Caller): Promise<MeAnswer> {
    const profile = await this.services.ask(FindUser, { id: user.id });
    return {
      id: profile.id,
      name: profile.name,
      auth_token: key,
      follow_ids: profile.followIds,
      private: profile.private ?? false,
      created_at: profile.createdAt,
      updated_at: profile.updatedAt,
    };
  }

  @Patch()
  @DescribeMeChange()
  async change(
    @CurrentCaller() caller: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MeAnswer> {
    const command = { actor: caller.user, private: parse(MeRequest, body).private };
    await this.commands.send(ChangePrivacy, command, reply);
    return this.me(caller);
  }
}
