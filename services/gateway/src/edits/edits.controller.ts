import { EditObject } from '@activity-feed/contracts';
import { Body, Controller, Param, Patch, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { ObjectName, toObjectRef } from '../validate/object-name';
import { parse } from '../validate/parse';
import { DescribeEdit, type EditAnswer, EditRequest } from './describe-edits';

@Controller('objects')
export class EditsController {
  constructor(private readonly commands: Commands) {}

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
    const { outcome, editedAt } = await this.commands.send(EditObject, { actor, object, content }, reply);
    return {
      object_type: object.type,
      object_id: object.id,
      content,
      edited_at: editedAt,
      message: outcome === 'recorded' ? 'Object edited' : 'Not changed',
    };
  }
}
