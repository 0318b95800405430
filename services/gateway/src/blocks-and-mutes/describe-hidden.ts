import { EventTime, type HiddenList, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, UserName } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { nextUrl } from '../read-feed/next-url';
import { AcceptsTokens } from '../read-own-writes/token-description';

const user = { name: UserName, since: EventTime };
const BlocksAnswer = z.object({ users: z.array(z.object(user)), next_url: nextUrl });
const MutesAnswer = z.object({
  users: z.array(
    z.object({
      ...user,
      only: z.literal('shares').optional().describe('If only what the user shares is muted'),
      until: EventTime.optional().describe('If the mute ends by itself'),
    }),
  ),
  next_url: nextUrl,
});
export type HiddenAnswer = z.infer<typeof MutesAnswer>;

const since = '2019-02-10T12:01:30.894037+00:00';
const LISTS = {
  blocks: {
    summary: 'Whom the caller blocks, newest first',
    schema: BlocksAnswer,
    example: { users: [{ name: 'nico', since }], next_url: '' },
  },
  mutes: {
    summary: 'Whom the caller mutes, newest first',
    schema: MutesAnswer,
    example: {
      users: [{ name: 'nico', since, only: 'shares', until: '2039-02-10T12:00:00.000000+00:00' }],
      next_url: '',
    },
  },
};

/** Describes the route of the users whom the caller blocks or mutes. */
export const DescribeHidden = (list: HiddenList) => {
  const { summary, schema, example } = LISTS[list];
  return applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary,
      security: 'key',
      query: {
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: 'Users per page',
        },
        cursor: { schema: z.string(), description: 'Opaque; taken from next_url' },
      },
      answer: { schema, example },
      errors: ['LIMIT_INVALID', 'CURSOR_INVALID', 'CONSISTENCY_TOKEN_INVALID', 'CONSISTENCY_TOKENS_TOO_MANY'],
    }),
  );
};
