import { EventTime, OBJECT_TYPES } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { Content } from '../validate/content';
import { ObjectName } from '../validate/object-name';
import { code } from '../validate/parse';

const path = { object: { schema: ObjectName, description: 'For example `photo:21`' } };

export const EditRequest = z.object({ content: Content }, code('BAD_REQUEST'));

const EditAnswer = z.object({
  object_type: z.enum(OBJECT_TYPES),
  object_id: z.int(),
  content: z.string(),
  edited_at: EventTime.nullable().describe('Null if it was never edited'),
  message: z.enum(['Object edited', 'Not changed']),
});
export type EditAnswer = z.infer<typeof EditAnswer>;

/** Describes the route that edits an object. */
export const DescribeEdit = () =>
  DescribeRoute({
    summary: 'Edit an object of your own',
    description:
      'Likes and shares stay, and so does its place in feeds. Content equal to the current one changes nothing.',
    security: 'key',
    path,
    body: { schema: EditRequest, examples: { photo: { content: 'Sunrise over the bay, from the pier' } } },
    answer: {
      schema: EditAnswer,
      example: {
        object_type: 'photo',
        object_id: 21,
        content: 'Sunrise over the bay, from the pier',
        edited_at: '2019-02-10T12:07:45.031500+00:00',
        message: 'Object edited',
      },
      headers: TOKEN_DESCRIPTION,
    },
    errors: [
      'CONTENT_MISSING',
      'CONTENT_TOO_LONG',
      'CONTENT_INVALID',
      'OBJECT_NAME_TOO_LONG',
      'OBJECT_FORMAT_INVALID',
      'OBJECT_NOT_FOUND',
      'NOT_OWNER',
    ],
  });
