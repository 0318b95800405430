import { COMMENT_ORDERS, EventTime, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { CONTENT_ENDS_PAGE, nextUrl } from '../read-feed/next-url';
import { MentionsAnswer } from '../read-objects/object-answer';
import { AcceptsTokens, FRESHNESS, TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { MENTIONS_DESCRIPTION } from '../resolve-mentions/describe-mentions';
import { Content } from '../validate/content';
import { ObjectName } from '../validate/object-name';
import { code } from '../validate/parse';

const path = (description: string) => ({ object: { schema: ObjectName, description } });

export const CommentRequest = z.object(
  {
    content: Content,
    reply_to: z
      .int(code('REPLY_INVALID'))
      .min(1, code('REPLY_INVALID'))
      .nullish()
      .describe('The id of a comment on the same object'),
  },
  code('BAD_REQUEST'),
);

const CommentAnswer = z.object({ type: z.literal('comment'), object_id: z.int(), message: z.string() });
export type CommentAnswer = z.infer<typeof CommentAnswer>;

const CommentsAnswer = z.object({
  comments: z.array(
    z.object({
      object_id: z.int(),
      user_name: z.string().nullable().describe('Null if the comment is deleted'),
      content: z.string().nullable().describe('Likewise'),
      mentions: MentionsAnswer,
      reply_to: z.int().nullable().describe('The comment that it replies to, which may be a reply too'),
      replies: z.int().min(0).describe('How many replies are listed under it'),
      likes: z.int().min(0),
      liked: z.boolean().describe('Whether the caller likes it'),
      created_at: EventTime,
      edited_at: EventTime.nullable().describe('Null if it was never edited'),
      deleted: z.boolean().describe('A deleted comment is listed while it has replies, with no likes'),
      muted: z.literal(true).optional().describe('If the caller mutes the user'),
    }),
  ),
  next_url: nextUrl,
});
export type CommentsAnswer = z.infer<typeof CommentsAnswer>;

/** Describes the route that adds a comment. */
export const DescribeCommenting = () =>
  DescribeRoute({
    summary: 'Comment on a post or a photo',
    description:
      'A comment is an object too, for example `comment:9`: it can be liked and edited, but not shared. There are two ' +
      `levels: a reply to a reply is listed under the same first-level comment. ${MENTIONS_DESCRIPTION}`,
    security: 'key',
    path: path('For example `photo:21`, never a comment'),
    body: {
      schema: CommentRequest,
      examples: { comment: { content: 'Where is that?' }, reply: { content: 'In Lisbon', reply_to: 9 } },
    },
    answer: {
      schema: CommentAnswer,
      example: { type: 'comment', object_id: 9, message: 'Activity recorded' },
      headers: TOKEN_DESCRIPTION,
    },
    errors: [
      'CONTENT_MISSING',
      'CONTENT_TOO_LONG',
      'CONTENT_INVALID',
      'REPLY_INVALID',
      'OBJECT_NAME_TOO_LONG',
      'OBJECT_FORMAT_INVALID',
      'OBJECT_NOT_FOUND',
    ],
  });

/** Describes the route of an object's comments. */
export const DescribeComments = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'The comments on an object, or the replies to a comment',
      description:
        'Of a post or a photo, the comments of the first level; of a comment, its replies, also if it is ' +
        'deleted itself. Includes everything that was answered before the request, without comments of users whom a block ' +
        'hides from the caller; counts of comments and replies are the same for everybody.',
      security: 'key',
      path: path('For example `photo:21` or `comment:9`'),
      query: {
        order: { schema: z.enum(COMMENT_ORDERS).default('oldest'), description: 'What comes first' },
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: `Comments per page. ${CONTENT_ENDS_PAGE}`,
        },
        cursor: { schema: z.string(), description: 'Opaque; taken from next_url of the same object and order' },
      },
      answer: {
        schema: CommentsAnswer,
        example: {
          comments: [
            {
              object_id: 9,
              user_name: 'nico',
              content: 'Where is that?',
              mentions: [],
              reply_to: null,
              replies: 1,
              likes: 2,
              liked: true,
              created_at: '2019-02-10T12:10:05.640000+00:00',
              edited_at: null,
              deleted: false,
            },
          ],
          next_url: '',
        },
        headers: FRESHNESS,
      },
      errors: [
        'ORDER_INVALID',
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
