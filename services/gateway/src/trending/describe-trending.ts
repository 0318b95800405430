import {
  engagementCounts,
  OBJECT_TYPES,
  TRENDING_AMONG,
  TRENDING_LIMIT_DEFAULT,
  TRENDING_LIMIT_MAX,
} from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { EXPAND } from '../read-feed/expand';
import { OBJECT_EXAMPLE, objectsByName } from '../read-objects/object-answer';
import { AcceptsTokens, FRESHNESS } from '../read-own-writes/token-description';
import { WINDOWS } from './trending-request';

const Trending = z.object({
  trending: z.array(
    z.object({
      object_type: z.enum(OBJECT_TYPES),
      object_id: z.int(),
      owner_name: z.string(),
      ...engagementCounts(() => z.int().min(0).describe('In the window')),
      score: z.number(),
    }),
  ),
  objects: objectsByName,
});

const EXAMPLE = {
  object_type: 'photo',
  object_id: 21,
  owner_name: 'eric',
  likes: 12,
  shares: 2,
  comments: 3,
  score: 11.448_214,
};

/** Describes the route of trending objects. */
export const DescribeTrending = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'Objects with the most recent likes, shares and comments, highest score first',
      description:
        'A like counts 1, a share and a comment count 2, each multiplied by 2^(-age / half-life). The age is in whole hours between the ' +
        'starts of hours; the half-life is 1 hour for `1h`, 6 for `24h` and 42 for `7d`. The window begins at the ' +
        'start of an hour. Equal scores are ordered by type and, newest first, id. Comments themselves are listed only if ' +
        '`type` is `comment`.',
      security: 'key',
      query: {
        window: {
          schema: z.enum(WINDOWS).default('24h'),
          description: 'Time range of the likes, shares and comments that count',
        },
        type: { schema: z.enum(OBJECT_TYPES), description: 'Only objects of this type; by default posts and photos' },
        among: {
          schema: z.enum(TRENDING_AMONG).default('all'),
          description:
            'Whose likes, shares and comments count: those of all users, or of the users whom the caller follows',
        },
        limit: {
          schema: z.int().min(1).max(TRENDING_LIMIT_MAX).default(TRENDING_LIMIT_DEFAULT),
          description: 'Objects in the answer at most',
        },
        expand: EXPAND,
      },
      answer: {
        schema: Trending,
        examples: {
          objects: { trending: [EXAMPLE] },
          'expand=objects': { trending: [EXAMPLE], objects: { 'photo:21': OBJECT_EXAMPLE } },
        },
        headers: FRESHNESS,
      },
      errors: [
        'WINDOW_INVALID',
        'TYPE_INVALID',
        'AMONG_INVALID',
        'LIMIT_INVALID',
        'EXPAND_INVALID',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
      ],
    }),
  );
