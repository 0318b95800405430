import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';

const EXAMPLE = {
  actor_name: 'nico',
  verb: 'like',
  object_id: 21,
  object_type: 'photo',
  target_name: 'eric',
  time: '2019-02-10T12:01:30.894037+00:00',
};

/** Describes the route of a feed, whose entries stand under `field`. */
export const DescribeFeed = (summary: string, schema: z.ZodType, field: string) =>
  applyDecorators(
    ApiHeader({
      name: 'Consistency-Token',
      required: false,
      description: 'Tokens of writes, with commas between, that the page must show. One’s own are known without it.',
    }),
    DescribeRoute({
      summary,
      security: 'key',
      query: {
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: 'Entries on the page',
        },
        cursor: { schema: z.string(), description: 'Opaque; comes with next_url' },
      },
      answer: {
        schema,
        example: { [field]: [EXAMPLE], next_url: '' },
        headers: { 'Feed-Freshness': '`behind` when after 2 s the page still lacks a write that it must show' },
      },
      errors: ['LIMIT_INVALID', 'CURSOR_INVALID', 'CONSISTENCY_TOKEN_INVALID'],
    }),
  );
