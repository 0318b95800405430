import { type Answer, FindProfile, type Profile, sqlEventTime, type User, type UserId } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { Pool } from 'pg';
import { sqlBlocks } from '../blocks/blocks-and-mutes';
import { sqlFollowers } from '../count-followers/follower-counts';
import { sqlIsPublished, sqlIsRequested } from '../follow-requests/follow-requests';

const mutes = (sharesOnly: boolean) =>
  `EXISTS (SELECT FROM mutes WHERE muter_id = $2 AND muted_id = id AND shares_only = ${sharesOnly} AND until > now())`;

/** Relies on the primary keys of follows, follow_requests, blocks and mutes. */
const PROFILE = {
  name: 'find-profile',
  text: `
SELECT id, name, private AS "isPrivate", ${sqlIsRequested('$2', 'users.id')} AS "isRequested",
       ${sqlEventTime('created_at')} AS "createdAt", ${sqlFollowers('id')} AS followers,
       (SELECT count(*) FROM follows WHERE follower_id = id)::float8 AS following,
       EXISTS (SELECT FROM follows WHERE follower_id = $2 AND followee_id = id)
         OR ${sqlIsPublished('$2', 'users.id')} AS "isFollowed",
       EXISTS (SELECT FROM follows WHERE follower_id = id AND followee_id = $2) AS "isFollower",
       ${sqlBlocks('$2', 'id')} AS "isBlocked", ${mutes(false)} AS "mutesAll", ${mutes(true)} AS "mutesShares"
FROM users WHERE name = $1 AND NOT suspended AND (${sqlBlocks('$2', 'id')} OR NOT ${sqlBlocks('id', '$2')})`,
};

type Row = User & Omit<Profile, 'user' | 'mutes'> & { mutesAll: boolean; mutesShares: boolean };

@Controller()
export class FindProfileHandler {
  constructor(private readonly pool: Pool) {}

  @MessagePattern(FindProfile.pattern)
  async handle({ name, reader }: { name: string; reader: UserId }): Promise<Answer<Profile>> {
    const { rows } = await this.pool.query<Row>(PROFILE, [name, reader]);
    if (!rows[0]) return { ok: false, code: 'USER_NOT_FOUND' };
    const { id, name: found, mutesAll: all, mutesShares: shares, ...profile } = rows[0];
    return { ok: true, value: { user: { id, name: found }, ...profile, mutes: { all, shares } } };
  }
}
