import { RATE_LIMIT_MAX } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { code } from '../validate/parse';
import { userPath } from '../validate/user-name';

const limit = z
  .int(code('RATE_LIMIT_INVALID'))
  .min(0, code('RATE_LIMIT_INVALID'))
  .max(RATE_LIMIT_MAX, code('RATE_LIMIT_INVALID'))
  .nullish()
  .describe('Requests per second; 0: no limit; null or missing: the default');

export const LimitsRequest = z.object({ reads: limit, writes: limit, aggregates: limit }, code('BAD_REQUEST'));

const inForce = z.int().describe('Requests per second; 0: no limit');
const LimitsAnswer = z.object({ reads: inForce, writes: inForce, aggregates: inForce });
export type LimitsAnswer = z.infer<typeof LimitsAnswer>;

const DEFAULTS = { reads: 100, writes: 20, aggregates: 20 };

export const DescribeLimits = () =>
  DescribeRoute({
    summary: 'The rate limits of a user',
    description: 'Those in force at this gateway: the default, unless another limit was set for the user.',
    security: 'admin-key',
    path: userPath,
    answer: { schema: LimitsAnswer, example: DEFAULTS },
    errors: ['USER_NOT_FOUND'],
  });

export const DescribeNewLimits = () =>
  DescribeRoute({
    summary: 'Set the rate limits of a user',
    description:
      'Sets all three: what is missing returns to the default. When this is answered, every gateway applies them; one that Redis ' +
      'does not reach, within a second. Streams of the user stay open. Answers with the limits now in force.',
    security: 'admin-key',
    path: userPath,
    body: {
      schema: LimitsRequest,
      examples: { importer: { writes: 200 }, unlimited: { reads: 0, writes: 0, aggregates: 0 } },
    },
    answer: { schema: LimitsAnswer, example: { ...DEFAULTS, writes: 200 } },
    errors: ['RATE_LIMIT_INVALID', 'USER_NOT_FOUND'],
  });
