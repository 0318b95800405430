import { EventTime, type ObjectList, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { nextUrl } from '../read-feed/next-url';
import { AcceptsTokens, FRESHNESS } from '../read-own-writes/token-description';
import { path } from './describe-object';

const entries = z.array(
  z.object({
    user_name: z.string(),
    time: EventTime,
    muted: z.literal(true).optional().describe('If the caller mutes the user'),
  }),
);
const LikesAnswer = z.object({ likes: entries, next_url: nextUrl });
const SharesAnswer = z.object({ shares: entries, next_url: nextUrl });

export interface ListAnswers {
  likes: z.infer<typeof LikesAnswer>;
  shares: z.infer<typeof SharesAnswer>;
}

/** Of the counts of likes and shares, and of these lists. */
const NOT_ALL =
  'Users whom a block hides from the caller are left out; the count of the object is the same for everybody who sees it. ' +
  'If very many in a row are, a page may be shorter than `limit` although there is a next one.';

const LISTS = {
  likes: {
    schema: LikesAnswer,
    summary: 'Who liked an object, newest first',
    description: `Includes every like that was answered before the request. ${NOT_ALL}`,
    limit: 'Likes per page',
  },
  shares: {
    schema: SharesAnswer,
    summary: 'Who shared an object, newest first',
    description:
      'Includes every share that was answered before the request. A user who shared the object several times is listed as ' +
      `often. ${NOT_ALL}`,
    limit: 'Shares per page',
  },
};

/** Describes the route of an object's likes or shares. */
export const DescribeList = (list: ObjectList) => {
  const { schema, summary, description, limit } = LISTS[list];
  return applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary,
      description,
      security: 'key',
      path,
      query: {
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: limit,
        },
        cursor: { schema: z.string(), description: 'Opaque; taken from next_url' },
      },
      answer: {
        schema,
        example: { [list]: [{ user_name: 'nico', time: '2019-02-10T12:01:30.894037+00:00' }], next_url: '' },
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
};
