import {
  type Answer,
  type EventTime,
  FindObject,
  type FoundObject,
  type ObjectRef,
  sqlEventTime,
  type UserId,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

/** Relies on the primary keys of objects, likes and shares. */
const OBJECT = {
  name: 'read-object',
  text: `
SELECT owner_id AS "ownerId", owner_name AS "ownerName", content, ${sqlEventTime('created_at')} AS "createdAt",
       ${sqlEventTime('edited_at')} AS "editedAt",
       EXISTS (SELECT FROM likes WHERE user_id = $3 AND object_type = objects.type AND object_id = objects.id) AS liked,
       EXISTS (SELECT FROM shares WHERE user_id = $3 AND object_type = objects.type AND object_id = objects.id) AS shared
FROM objects WHERE type = $1 AND id = $2`,
};

interface ObjectRow {
  ownerId: UserId;
  ownerName: string;
  content: string;
  createdAt: EventTime;
  editedAt: EventTime | null;
  liked: boolean;
  shared: boolean;
}

@Controller()
export class FindObjectHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindObject.pattern)
  async handle({ object, reader }: { object: ObjectRef; reader: UserId }): Promise<Answer<FoundObject>> {
    const { rows } = await this.pool.query<ObjectRow>(OBJECT, [object.type, object.id, reader]);
    const [row] = rows;
    if (!row) return { ok: false, code: 'OBJECT_NOT_FOUND' };
    const { ownerId, ownerName, ...found } = row;
    return { ok: true, value: { object, owner: { id: ownerId, name: ownerName }, ...found } };
  }
}
