import {
  EventTime,
  engagementCounts,
  OBJECT_TYPES,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
} from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { nextUrl } from '../feeds/describe-feed';
import { DescribeRoute } from '../openapi/describe-route';
import { AcceptsTokens, FRESHNESS } from '../read-own-writes/token-description';
import { ObjectName } from '../validate/object-name';

const path = { object: { schema: ObjectName, description: 'For example `photo:21`' } };

const ObjectAnswer = z.object({
  object_type: z.enum(OBJECT_TYPES),
  object_id: z.int(),
  owner_name: z.string().describe('Who posted it'),
  content: z.string(),
  created_at: EventTime,
  edited_at: EventTime.nullable().describe('Null if it was never edited'),
  ...engagementCounts(() => z.int().min(0)),
  liked: z.boolean().describe('Whether the caller likes it'),
});
export type ObjectAnswer = z.infer<typeof ObjectAnswer>;

const LikesAnswer = z.object({
  likes: z.array(z.object({ user_name: z.string(), time: EventTime })),
  next_url: nextUrl,
});
export type LikesAnswer = z.infer<typeof LikesAnswer>;

/** Describes the route of an object. */
export const DescribeObject = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'A post or a photo',
      security: 'key',
      path,
      answer: {
        schema: ObjectAnswer,
        example: {
          object_type: 'photo',
          object_id: 21,
          owner_name: 'eric',
          content: 'Sunrise over the bay',
          created_at: '2019-02-10T11:58:02.410668+00:00',
          edited_at: '2019-02-10T12:07:45.031500+00:00',
          likes: 12,
          shares: 2,
          liked: true,
        },
        headers: FRESHNESS,
      },
      errors: [
        'OBJECT_NAME_TOO_LONG',
        'OBJECT_FORMAT_INVALID',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
        'OBJECT_NOT_FOUND',
      ],
    }),
  );

/** Describes the route of an object's likes. */
export const DescribeLikes = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'Who liked an object, newest first',
      description: 'Includes every like that was answered before the request.',
      security: 'key',
      path,
      query: {
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: 'Likes per page',
        },
        cursor: { schema: z.string(), description: 'Opaque; taken from next_url' },
      },
      answer: {
        schema: LikesAnswer,
        example: { likes: [{ user_name: 'nico', time: '2019-02-10T12:01:30.894037+00:00' }], next_url: '' },
      },
      errors: [
        'OBJECT_NAME_TOO_LONG',
        'OBJECT_FORMAT_INVALID',
        'LIMIT_INVALID',
        'CURSOR_INVALID',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
        'OBJECT_NOT_FOUND',
      ],
    }),
  );
