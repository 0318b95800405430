import { EventTime, engagementCounts, OBJECT_TYPES } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { AcceptsTokens, FRESHNESS } from '../read-own-writes/token-description';
import { ObjectName } from '../validate/object-name';

export const path = { object: { schema: ObjectName, description: 'For example `photo:21`' } };

const ObjectAnswer = z.object({
  object_type: z.enum(OBJECT_TYPES),
  object_id: z.int(),
  owner_name: z.string().describe('Who posted it'),
  content: z.string(),
  created_at: EventTime,
  edited_at: EventTime.nullable().describe('Null if it was never edited'),
  ...engagementCounts(() => z.int().min(0)),
  liked: z.boolean().describe('Whether the caller likes it'),
  shared: z.boolean().describe('Whether the caller has shared it'),
});
export type ObjectAnswer = z.infer<typeof ObjectAnswer>;

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
          shared: false,
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
