import {
  EventTime,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
  type RequestList,
  UserName,
  type Written,
} from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { nextUrl } from '../read-feed/next-url';
import { AcceptsTokens, TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { code } from '../validate/parse';
import { nameInBody } from '../validate/user-name';

export const AcceptBody = z.object({ accept: nameInBody }, code('BAD_REQUEST'));
export const DeclineBody = z.object({ decline: nameInBody }, code('BAD_REQUEST'));

const MESSAGES = { accept: 'Request accepted', decline: 'Request declined' } as const;
const NO_REQUEST = 'No request';
type Verb = keyof typeof MESSAGES;

export interface RequestAnswer {
  message: string;
}

export const answerOf = (verb: Verb, outcome: Written['outcome']): RequestAnswer => ({
  message: outcome === 'recorded' ? MESSAGES[verb] : NO_REQUEST,
});

const ROUTES = {
  accept: {
    summary: 'Accept a request to follow the caller',
    description: 'The user follows the caller from now on, and sees everything, also from before.',
    schema: AcceptBody,
  },
  decline: {
    summary: 'Decline a request to follow the caller',
    description: 'The user is not notified and can make another request; a block prevents that.',
    schema: DeclineBody,
  },
};

/** Describes a route that accepts or declines a request. */
export const DescribeAnswer = (verb: Verb) => {
  const { summary, description, schema } = ROUTES[verb];
  return DescribeRoute({
    summary,
    description,
    security: 'key',
    body: { schema, examples: { request: { [verb]: 'nico' } } },
    answer: {
      schema: z.object({ message: z.enum([MESSAGES[verb], NO_REQUEST]) }),
      example: { message: MESSAGES[verb] },
      headers: TOKEN_DESCRIPTION,
    },
    errors: ['USER_MISSING', 'USER_NOT_FOUND'],
  });
};

const RequestsAnswer = z.object({
  users: z.array(z.object({ name: UserName, since: EventTime })),
  next_url: nextUrl,
});
export type RequestsAnswer = z.infer<typeof RequestsAnswer>;

const LISTS: Record<RequestList, string> = {
  requests: 'Who has requested to follow the caller, newest first',
  requested: 'Whom the caller has requested to follow, newest first',
};

/** Describes the route of a list of requests. */
export const DescribeRequests = (list: RequestList) =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: LISTS[list],
      security: 'key',
      query: {
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: 'Users per page',
        },
        cursor: { schema: z.string(), description: 'Opaque; taken from next_url' },
      },
      answer: {
        schema: RequestsAnswer,
        example: { users: [{ name: 'nico', since: '2019-02-10T12:01:30.894037+00:00' }], next_url: '' },
      },
      errors: ['LIMIT_INVALID', 'CURSOR_INVALID', 'CONSISTENCY_TOKEN_INVALID', 'CONSISTENCY_TOKENS_TOO_MANY'],
    }),
  );
