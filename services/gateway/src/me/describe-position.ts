import { KEPT_FEEDS, type KeptFeed } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { POSITION_EXAMPLE } from '../read-feed/next-url';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { code } from '../validate/parse';

/** Of the lists whose positions are kept. */
export const KEPT_PATHS: Record<KeptFeed, string> = {
  friends: '/feed/friends',
  my: '/feed/my',
  notifications: '/notifications',
};

const feed = z.enum(KEPT_FEEDS, code('FEED_INVALID'));

export const PositionQuery = z.object({ feed });

export const PositionRequest = z.object(
  {
    feed,
    newer_url: z.string(code('POSITION_INVALID')).describe('Of the page that was read'),
  },
  code('BAD_REQUEST'),
);

const newer_url = `${KEPT_PATHS.friends}?since=${POSITION_EXAMPLE}`;
const answer = {
  schema: z.object({ newer_url: z.string().nullable().describe('What has come since; null if nothing was kept') }),
  example: { newer_url },
};

/** Describes the route that shows how far the caller has read. */
export const DescribePosition = () =>
  DescribeRoute({
    summary: 'How far the caller has read a list, on any device',
    security: 'key',
    query: { feed: { schema: feed, description: 'The list', required: true } },
    answer,
    errors: ['FEED_INVALID'],
  });

/** Describes the route that keeps how far the caller has read. */
export const DescribePositionChange = () =>
  DescribeRoute({
    summary: 'Keep how far the caller has read a list',
    description: 'It never goes back, so several devices may send theirs in any order. The answer is the latest.',
    security: 'key',
    body: { schema: PositionRequest, examples: { friends: { feed: 'friends', newer_url } } },
    answer: { ...answer, headers: TOKEN_DESCRIPTION },
    errors: ['FEED_INVALID', 'POSITION_INVALID'],
  });
