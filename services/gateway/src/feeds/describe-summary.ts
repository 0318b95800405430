import { type FeedKind, SUMMARY_DAYS_DEFAULT, SUMMARY_DAYS_MAX, VERBS } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { AcceptsTokens, FRESHNESS } from '../read-own-writes/token-description';

const counts = Object.fromEntries(VERBS.map((verb) => [verb, z.int().min(0)]));
const Summary = z.object({
  totals: z.object(counts),
  days: z.array(z.object({ day: z.iso.date().describe('In UTC'), ...counts })).describe('Every day, newest first'),
});

const EXAMPLE = { ...Object.fromEntries(VERBS.map((verb) => [verb, 0])), post: 1, like: 12, share: 2 };

/** Describes the route of a feed's summary. */
export function DescribeSummary(summary: string, feed: FeedKind) {
  const field = `${feed}_summary`;
  return applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: `${summary}, by verb and day`,
      security: 'key',
      query: {
        days: {
          schema: z.int().min(1).max(SUMMARY_DAYS_MAX).default(SUMMARY_DAYS_DEFAULT),
          description: 'Days, today (UTC) included',
        },
      },
      answer: {
        schema: z.object({ [field]: Summary }),
        example: { [field]: { totals: EXAMPLE, days: [{ day: '2019-02-10', ...EXAMPLE }] } },
        headers: FRESHNESS,
      },
      errors: ['DAYS_INVALID', 'CONSISTENCY_TOKEN_INVALID', 'CONSISTENCY_TOKENS_TOO_MANY'],
    }),
  );
}
