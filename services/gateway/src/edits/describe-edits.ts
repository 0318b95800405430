import { EventTime, OBJECT_TYPES, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { CONTENT_ENDS_PAGE, nextUrl } from '../read-feed/next-url';
import { AcceptsTokens, FRESHNESS, TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { MENTIONS_DESCRIPTION } from '../resolve-mentions/describe-mentions';
import { Content } from '../validate/content';
import { ObjectName } from '../validate/object-name';
import { code } from '../validate/parse';
import { VersionNumber } from '../validate/version-number';

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

const HistoryAnswer = z.object({
  versions: z.array(
    z.object({
      version: z.int().min(1).describe('Counted from 1; the number stays when other versions are removed'),
      content: z.string(),
      time: EventTime.describe('When the object was posted or edited'),
    }),
  ),
  next_url: nextUrl,
});
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;

const RemovalAnswer = z.object({ message: z.enum(['Version removed', 'Already removed']) });
export type RemovalAnswer = z.infer<typeof RemovalAnswer>;

/** Describes the route that edits an object. */
export const DescribeEdit = () =>
  DescribeRoute({
    summary: 'Edit an object of your own',
    description:
      'Likes and shares stay, and so does its place in feeds. Content equal to the current one changes nothing.\n\n' +
      MENTIONS_DESCRIPTION,
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

/** Describes the route of an object's versions. */
export const DescribeHistory = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'All versions of an object, oldest first',
      description:
        'The last one is the current version. Versions that the owner has removed are missing. Includes every edit and ' +
        'removal that was answered before the request.',
      security: 'key',
      path,
      query: {
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: `Versions per page. ${CONTENT_ENDS_PAGE}`,
        },
        cursor: { schema: z.string(), description: 'Opaque; taken from next_url' },
      },
      answer: {
        schema: HistoryAnswer,
        example: {
          versions: [
            { version: 1, content: 'Sunrise over the bay', time: '2019-02-10T11:58:02.410668+00:00' },
            { version: 2, content: 'Sunrise over the bay, from the pier', time: '2019-02-10T12:07:45.031500+00:00' },
          ],
          next_url: '',
        },
        headers: FRESHNESS,
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

/** Describes the route that removes a version. */
export const DescribeRemoval = () =>
  DescribeRoute({
    summary: 'Remove an earlier version of an object of your own, for everyone',
    description:
      'The object and its other versions stay as they are, with their numbers. The current version cannot be removed: ' +
      'edit the object first.',
    security: 'key',
    path: { ...path, version: { schema: VersionNumber, description: 'For example `1`' } },
    answer: { schema: RemovalAnswer, example: { message: 'Version removed' }, headers: TOKEN_DESCRIPTION },
    errors: [
      'OBJECT_NAME_TOO_LONG',
      'OBJECT_FORMAT_INVALID',
      'VERSION_INVALID',
      'OBJECT_NOT_FOUND',
      'NOT_OWNER',
      'VERSION_NOT_FOUND',
      'VERSION_CURRENT',
    ],
  });
