import { MARKED_IDS_MAX } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { AcceptsTokens, TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { code } from '../validate/parse';
import { COUNTS, unmarked } from './describe-notifications';

/** Longer texts are no ids. */
const ID_MAX_LENGTH = 100;

const id = z.string(code('NOTIFICATIONS_INVALID')).max(ID_MAX_LENGTH, code('NOTIFICATION_NOT_FOUND'));
const until = id.optional().describe('Only this notification and those that are listed after it');

/** A misspelt field would otherwise mean everything. */
export const SeenRequest = z.strictObject({ until }, code('NOTIFICATIONS_INVALID'));

export const ReadRequest = z
  .strictObject(
    {
      until,
      ids: z
        .array(id, code('NOTIFICATIONS_INVALID'))
        .min(1, code('NOTIFICATIONS_INVALID'))
        .max(MARKED_IDS_MAX, code('NOTIFICATIONS_INVALID'))
        .optional()
        .describe('Only these notifications, instead of `until`'),
    },
    code('NOTIFICATIONS_INVALID'),
  )
  .refine(({ until, ids }) => until === undefined || ids === undefined, code('NOTIFICATIONS_INVALID'));

const DESCRIPTION =
  'Marks never go back, so several devices may send theirs in any order. What arrives later is not marked, and neither is ' +
  'what has arrived but is newer than `until`. A notification that is gone can be marked.';

const answer = { schema: z.object(unmarked), example: COUNTS, headers: TOKEN_DESCRIPTION };

const TOKEN_ERRORS = ['CONSISTENCY_TOKEN_INVALID', 'CONSISTENCY_TOKENS_TOO_MANY'] as const;

/** Describes the route that marks notifications as seen. */
export const DescribeSeen = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'Mark notifications as seen: the bell was opened',
      description: DESCRIPTION,
      security: 'key',
      body: {
        schema: SeenRequest,
        examples: { all: {}, until: { until: 'AAWBirbZ8HUBaA2S-XRwAIAAAAAAAAAQ' } },
      },
      answer,
      errors: ['NOTIFICATION_NOT_FOUND', 'NOTIFICATIONS_INVALID', ...TOKEN_ERRORS],
    }),
  );

/** Describes the route that marks notifications as read. */
export const DescribeRead = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'Mark notifications as read: they were opened, or all of them are done with',
      description: DESCRIPTION,
      security: 'key',
      body: {
        schema: ReadRequest,
        examples: { ids: { ids: ['AAWBirbZ8HUBaA2S-XRwAIAAAAAAAAAQ'] }, all: {} },
      },
      answer,
      errors: ['NOTIFICATION_NOT_FOUND', 'NOTIFICATIONS_INVALID', ...TOKEN_ERRORS],
    }),
  );
