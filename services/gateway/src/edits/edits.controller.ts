import { EditObject, type EditObjectCommand, FindHistory, objectName, RemoveVersion } from '@activity-feed/contracts';
import { Body, Controller, Delete, Get, Param, Patch, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, CurrentCaller, callerOf } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { readPageRequest } from '../read-feed/page-request';
import { readTokens, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Mentions } from '../resolve-mentions/mentions';
import { Services } from '../services/services';
import { ObjectName, toObjectRef } from '../validate/object-name';
import { parse } from '../validate/parse';
import { VersionNumber } from '../validate/version-number';
import { VisibleObjects } from '../visibility/visible-objects';
import {
  DescribeEdit,
  DescribeHistory,
  DescribeRemoval,
  type EditAnswer,
  EditRequest,
  type HistoryAnswer,
  type RemovalAnswer,
} from './describe-edits';

@Controller('objects')
export class EditsController {
  constructor(
    private readonly commands: Commands,
    private readonly services: Services,
    private readonly mentions: Mentions,
    private readonly visible: VisibleObjects,
  ) {}

  @Patch(':object')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeEdit()
  async edit(
    @CurrentCaller() { user: actor }: Caller,
    @Param('object') name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EditAnswer> {
    const { content } = parse(EditRequest, body);
    const object = toObjectRef(parse(ObjectName, name));
    const prepare = async (): Promise<EditObjectCommand> => {
      await this.visible.assertVisible(actor, object);
      return { actor, object, content, mentions: await this.mentions.resolve(content, actor) };
    };
    const edit = this.commands.send(EditObject, prepare, reply);
    const { outcome, editedAt } = await this.visible.concealing(actor, object, edit);
    return {
      object_type: object.type,
      object_id: object.id,
      content,
      edited_at: editedAt,
      message: outcome === 'recorded' ? 'Object edited' : 'Not changed',
    };
  }

  @Get(':object/history')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeHistory()
  async history(
    @Param('object') name: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HistoryAnswer> {
    const object = toObjectRef(parse(ObjectName, name));
    const { limit, cursor } = request.query as Record<string, unknown>;
    const page = readPageRequest(`/objects/${objectName(object)}/history`, { limit, cursor });
    // The activity service records the edits itself: tokens matter only to who sees them.
    readTokens(request.headers[TOKEN_HEADER]);
    const reader = callerOf(request).user.id;
    const query = { object, reader, limit: page.limit, cursor: page.cursor };
    const found = this.services.ask(FindHistory, query);
    const [{ versions, next }] = await this.visible.visible(object, found, request, reply);
    return { versions, next_url: next === undefined ? '' : page.nextUrl + next };
  }

  @Delete(':object/history/:version')
  @RouteConfig({ subjectIn: 'path' })
  @DescribeRemoval()
  async remove(
    @CurrentCaller() { user: actor }: Caller,
    @Param('object') name: string,
    @Param('version') number: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RemovalAnswer> {
    const objectText = parse(ObjectName, name);
    const version = parse(VersionNumber, number);
    const command = { actor, object: toObjectRef(objectText), version };
    const removal = this.commands.send(RemoveVersion, command, reply);
    const { outcome } = await this.visible.concealing(actor, command.object, removal);
    return { message: outcome === 'recorded' ? 'Version removed' : 'Already removed' };
  }
}
