import { ChangePrivacy } from '@activity-feed/contracts';
import { Body, Controller, Get, Patch, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { sendBytes } from '../read-feed/send-bytes';
import { TOKEN_HEADER } from '../read-own-writes/consistency';
import { parse } from '../validate/parse';
import { DescribeMe, DescribeMeChange, MeRequest } from './describe-me';
import { OwnProfiles } from './own-profiles';

@Controller('me')
export class MeController {
  constructor(
    private readonly profiles: OwnProfiles,
    private readonly commands: Commands,
  ) {}

  @Get()
  @DescribeMe()
  me(@CurrentCaller() caller: Caller, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(caller, request, reply);
  }

  @Patch()
  @DescribeMeChange()
  async change(
    @CurrentCaller() caller: Caller,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = { actor: caller.user, private: parse(MeRequest, body).private };
    await this.commands.send(ChangePrivacy, command, reply);
    await this.send(caller, request, reply);
  }

  private async send({ user, key }: Caller, { headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
    // A token may be of a write that was not announced here.
    const known = headers[TOKEN_HEADER] === undefined ? this.profiles.known(user.id) : undefined;
    sendBytes(reply, (known ?? (await this.profiles.ask(user.id))).withKey(key));
  }
}
