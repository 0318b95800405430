import type { ErrorCode, Written } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';

const MESSAGES = {
  block: { recorded: 'User blocked', unchanged: 'Already blocked' },
  unblock: { recorded: 'User unblocked', unchanged: 'Not blocked' },
  mute: { recorded: 'User muted', unchanged: 'Already muted' },
  unmute: { recorded: 'User unmuted', unchanged: 'Not muted' },
} as const;
type Verb = keyof typeof MESSAGES;

export interface ChangeAnswer {
  verb: Verb;
  message: string;
}

export const answerOf = (verb: Verb, outcome: Written['outcome']): ChangeAnswer => ({
  verb,
  message: MESSAGES[verb][outcome],
});

interface Change {
  verb: Verb;
  summary: string;
  description?: string;
  schema: z.ZodType;
  examples: Record<string, object>;
  /** Besides those of all names in bodies. */
  errors: ErrorCode[];
}

/** Describes a route that blocks, unblocks, mutes or unmutes a user. */
export const DescribeChange = ({ verb, schema, examples, errors, ...texts }: Change) => {
  const { recorded, unchanged } = MESSAGES[verb];
  return DescribeRoute({
    ...texts,
    security: 'key',
    body: { schema, examples },
    answer: {
      schema: z.object({ verb: z.literal(verb), message: z.enum([recorded, unchanged]) }),
      example: { verb, message: recorded },
      headers: TOKEN_DESCRIPTION,
    },
    errors: ['USER_MISSING', 'USER_NOT_FOUND', ...errors],
  });
};
