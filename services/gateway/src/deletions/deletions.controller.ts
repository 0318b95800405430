import { type By, DeleteObject, type ObjectRef, RestoreObject } from '@activity-feed/contracts';
import { Body, Controller, Delete, HttpCode, Param, Post, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { UserOrAdmin } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { ObjectName, toObjectRef } from '../validate/object-name';
import { parse } from '../validate/parse';
import { VisibleObjects } from '../visibility/visible-objects';
import {
  type DeletionAnswer,
  DescribeDeletion,
  DescribeRestore,
  type RestoreAnswer,
  RestoreRequest,
} from './describe-deletions';

@Controller('objects')
export class DeletionsController {
  constructor(
    private readonly commands: Commands,
    private readonly visible: VisibleObjects,
  ) {}

  @Delete(':object')
  @RouteConfig({ subjectIn: 'path', access: 'user-or-admin' })
  @DescribeDeletion()
  async delete(
    @UserOrAdmin() by: By,
    @Param('object') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeletionAnswer> {
    const object = toObjectRef(parse(ObjectName, name));
    const deletion = this.commands.send(DeleteObject, { by, object }, reply);
    const { outcome, restorableUntil } = await this.concealing(by, object, deletion);
    const message = outcome === 'recorded' ? 'Object deleted' : 'Already deleted';
    return { ...fieldsOf(object), message, restorable_until: restorableUntil };
  }

  @Post(':object/restore')
  @HttpCode(200)
  @RouteConfig({ subjectIn: 'path', access: 'user-or-admin' })
  @DescribeRestore()
  async restore(
    @UserOrAdmin() by: By,
    @Param('object') name: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RestoreAnswer> {
    parse(RestoreRequest, body);
    const object = toObjectRef(parse(ObjectName, name));
    const { outcome } = await this.concealing(by, object, this.commands.send(RestoreObject, { by, object }, reply));
    return { ...fieldsOf(object), message: outcome === 'recorded' ? 'Object restored' : 'Not deleted' };
  }

  private concealing<Value>(by: By, object: ObjectRef, write: Promise<Value>): Promise<Value> {
    return by === 'admin' ? write : this.visible.concealing(by, object, write);
  }
}

const fieldsOf = ({ type, id }: ObjectRef) => ({ object_type: type, object_id: id });
