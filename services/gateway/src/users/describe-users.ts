import { EventTime, type FollowList, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, UserName } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { nextUrl } from '../read-feed/next-url';
import { AcceptsTokens } from '../read-own-writes/token-description';
import { userPath } from '../validate/user-name';

const limit = {
  schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
  description: 'Users per page',
};
const cursor = { schema: z.string(), description: 'Opaque; taken from next_url' };

const Profile = z.object({
  name: UserName,
  created_at: EventTime,
  followers: z.int().min(0),
  following: z.int().min(0),
  private: z.boolean().describe('Whether only followers can see the user’s activities and objects'),
  you_follow: z.boolean().describe('Whether the caller follows the user'),
  follows_you: z.boolean().describe('Whether the user follows the caller'),
  requested: z.boolean().describe('Whether the caller has requested to follow the user, who has not answered yet'),
  you_mute: z.boolean().describe('Whether the caller mutes the user'),
  you_mute_shares: z.boolean().describe('Whether the caller mutes what the user shares'),
  you_block: z.literal(false),
});
const BlockedProfile = z.object({ name: UserName, you_block: z.literal(true) });
const ProfileAnswer = z.union([Profile, BlockedProfile]).describe('Of a user whom the caller blocks, only the name');
export type ProfileAnswer = z.infer<typeof ProfileAnswer>;

/** Describes the route of a profile. */
export const DescribeProfile = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'The profile of a user',
      description:
        'Includes every follow, mute and block that was answered before the request. A user who blocks the caller is not ' +
        'found, unless the caller blocks the user too, nor is a suspended one. Counts are the same for everybody.',
      security: 'key',
      path: userPath,
      answer: {
        schema: ProfileAnswer,
        examples: {
          profile: {
            name: 'nico',
            created_at: '2019-02-10T12:00:00.000001+00:00',
            followers: 12,
            following: 3,
            private: false,
            you_follow: true,
            follows_you: false,
            requested: false,
            you_mute: false,
            you_mute_shares: false,
            you_block: false,
          },
          blocked: { name: 'nico', you_block: true },
        },
      },
      errors: ['CONSISTENCY_TOKEN_INVALID', 'CONSISTENCY_TOKENS_TOO_MANY', 'USER_NOT_FOUND'],
    }),
  );

const NamesAnswer = z.object({ users: z.array(z.object({ name: UserName })), next_url: nextUrl });
export type NamesAnswer = z.infer<typeof NamesAnswer>;

/** Describes the route that finds users by the beginning of their names. */
export const DescribeNames = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'Users whose names begin with a text, by name',
      security: 'key',
      query: {
        prefix: {
          schema: z.string().min(1),
          description: 'Upper and lower case are the same',
          example: 'ni',
          required: true,
        },
        limit,
        cursor,
      },
      answer: { schema: NamesAnswer, example: { users: [{ name: 'nico' }, { name: 'nina' }], next_url: '' } },
      errors: [
        'PREFIX_INVALID',
        'LIMIT_INVALID',
        'CURSOR_INVALID',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
      ],
    }),
  );

const FollowsAnswer = z.object({
  users: z.array(z.object({ name: UserName, since: EventTime })),
  next_url: nextUrl,
});
export type FollowsAnswer = z.infer<typeof FollowsAnswer>;

const LISTS: Record<FollowList, string> = {
  followers: 'Who follows a user, newest first',
  following: 'Whom a user follows, newest first',
};

/** Describes the route of a user's followers or followees. */
export const DescribeFollows = (list: FollowList) =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: LISTS[list],
      description:
        'Includes every follow that was answered before the request. Private accounts that the caller does not follow are ' +
        'left out, except from the caller’s own lists. The lists of such an account are empty.',
      security: 'key',
      path: userPath,
      query: { limit, cursor },
      answer: {
        schema: FollowsAnswer,
        example: { users: [{ name: 'ivan', since: '2019-02-10T12:01:30.894037+00:00' }], next_url: '' },
      },
      errors: [
        'LIMIT_INVALID',
        'CURSOR_INVALID',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
        'USER_NOT_FOUND',
      ],
    }),
  );
