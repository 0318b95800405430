import { type ErrorCode, EventTime, UserName } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { code } from '../validate/parse';

export const MeRequest = z.object(
  {
    private: z
      .boolean(code('PRIVATE_INVALID'))
      .describe('Whether only followers can see the caller’s activities and objects, and new followers need approval'),
  },
  code('BAD_REQUEST'),
);

const MeAnswer = z.object({
  id: z.int(),
  name: UserName,
  auth_token: z.string().describe('The key of the request'),
  follow_ids: z.array(z.int()),
  private: z.boolean(),
  created_at: EventTime,
  updated_at: EventTime,
});
export type MeAnswer = z.infer<typeof MeAnswer>;

const example = {
  id: 1,
  name: 'ivan',
  auth_token: 'abc123',
  follow_ids: [2],
  private: false,
  created_at: '2019-02-10T12:00:00.000001+00:00',
  updated_at: '2019-02-10T12:01:30.894037+00:00',
};

/** Describes the route that shows the caller. */
export const DescribeMe = () =>
  DescribeRoute({
    summary: 'The caller and whom they follow',
    security: 'key',
    answer: { schema: MeAnswer, example },
  });

const errors: ErrorCode[] = ['PRIVATE_INVALID', 'TOO_SOON'];

/** Describes the route that makes the caller's account private or public. */
export const DescribeMeChange = () =>
  DescribeRoute({
    summary: 'Make the caller’s account private or public',
    description:
      'Only followers see a private account’s activities and objects, past ones included, and what others do with those ' +
      'objects. Existing followers stay; new ones need approval. The profile and its counts stay visible to everybody. Going ' +
      'public accepts all open requests. Limited to six changes in 24 hours.',
    security: 'key',
    body: { schema: MeRequest, examples: { private: { private: true } } },
    answer: { schema: MeAnswer, example: { ...example, private: true }, headers: TOKEN_DESCRIPTION },
    errors,
  });
