import { type Answer, FindProfile, type Profile, sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { sqlFollowers } from '../count-followers/follower-counts';

/** Relies on the primary key of follows. */
const PROFILE = {
  name: 'find-profile',
  text: `
SELECT id, name, ${sqlEventTime('created_at')} AS "createdAt", ${sqlFollowers('id')} AS followers,
       (SELECT count(*) FROM follows WHERE follower_id = id)::float8 AS following,
       EXISTS (SELECT FROM follows WHERE follower_id = $2 AND followee_id = id) AS "isFollowed",
       EXISTS (SELECT FROM follows WHERE follower_id = id AND followee_id = $2) AS "isFollower"
FROM users WHERE name = $1`,
};

type Row = User & Omit<Profile, 'user'>;

@Controller()
export class FindProfileHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindProfile.pattern)
  async handle({ name, reader }: { name: string; reader: UserId }): Promise<Answer<Profile>> {
    const { rows } = await this.pool.query<Row>(PROFILE, [name, reader]);
    if (!rows[0]) return { ok: false, code: 'USER_NOT_FOUND' };
    const { id, name: found, ...profile } = rows[0];
    return { ok: true, value: { user: { id, name: found }, ...profile } };
  }
}
