import {
  type Answer,
  FindUser,
  FindUsers,
  sqlEventTime,
  type User,
  type UserId,
  type UserProfile,
} from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';

/** Followees in the order in which they were followed. */
const PROFILE = {
  name: 'find-own-profile',
  text: `
SELECT id, name, private, ${sqlEventTime('created_at')} AS "createdAt", ${sqlEventTime('updated_at')} AS "updatedAt",
       ARRAY(SELECT followee_id FROM follows WHERE follower_id = users.id ORDER BY since, followee_id) AS "followIds"
FROM users WHERE id = $1`,
};

/** Relies on the unique index users_name_key. */
const NAMED = {
  name: 'find-users',
  text: 'SELECT id, name FROM users WHERE name = ANY ($1::text[]) AND NOT suspended',
};

@Controller()
export class FindUserHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindUser.pattern)
  async handle({ id }: { id: UserId }): Promise<Answer<UserProfile>> {
    const { rows } = await this.pool.query<UserProfile>(PROFILE, [id]);
    return rows[0] ? { ok: true, value: rows[0] } : { ok: false, code: 'USER_NOT_FOUND' };
  }

  @MessagePattern(FindUsers.pattern)
  async handleNames({ names }: { names: string[] }): Promise<Answer<User[]>> {
    const { rows } = await this.pool.query<User>(NAMED, [names]);
    return { ok: true, value: rows };
  }
}
