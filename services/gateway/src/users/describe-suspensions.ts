import { UserName, type Written } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { code } from '../validate/parse';
import { userPath } from '../validate/user-name';

export const SuspensionRequest = z.object({}, code('BAD_REQUEST'));

const MESSAGES = {
  suspend: { recorded: 'User suspended', unchanged: 'Already suspended' },
  reinstate: { recorded: 'User reinstated', unchanged: 'Not suspended' },
} as const;
type Verb = keyof typeof MESSAGES;

export interface SuspensionAnswer {
  name: string;
  message: string;
}

export const messageOf = (verb: Verb, outcome: Written['outcome']): string => MESSAGES[verb][outcome];

const ROUTES = {
  suspend: {
    summary: 'Suspend a user',
    description:
      'The user’s activities and objects are hidden from everybody, and the user’s keys are refused, until the user is ' +
      'reinstated. Nothing is deleted. Gateways that Redis does not reach accept the keys for up to one more second.',
  },
  reinstate: { summary: 'Reinstate a suspended user', description: 'Everything is shown again, in its place.' },
};

/** Describes a route that suspends or reinstates a user. */
export const DescribeSuspension = (verb: Verb) => {
  const { recorded, unchanged } = MESSAGES[verb];
  return DescribeRoute({
    ...ROUTES[verb],
    security: 'admin-key',
    path: userPath,
    body: { schema: SuspensionRequest, examples: { empty: {} } },
    answer: {
      schema: z.object({ name: UserName, message: z.enum([recorded, unchanged]) }),
      example: { name: 'nico', message: recorded },
      headers: TOKEN_DESCRIPTION,
    },
    errors: ['USER_NOT_FOUND'],
  });
};
