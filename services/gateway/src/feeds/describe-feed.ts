import {
  EventTime,
  GROUP_OBJECTS_MAX,
  OBJECT_TYPES,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
  type PagedFeed,
  VERBS,
} from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { ENTRY_EXAMPLE } from '../read-feed/entry-example';
import { EXPAND } from '../read-feed/expand';
import { newerUrl, nextUrl, POSITION_EXAMPLE, SINCE } from '../read-feed/next-url';
import { OBJECT_EXAMPLE, objectsByName } from '../read-objects/object-answer';
import { AcceptsTokens, FRESHNESS } from '../read-own-writes/token-description';
import { userPath } from '../validate/user-name';

const actor_name = z.string();
const verb = z.enum(VERBS);
const object_type = z.enum(OBJECT_TYPES).nullable();

const Entry = z.object({
  actor_name,
  verb,
  object_id: z.int().nullable(),
  object_type,
  comment_id: z.int().optional().describe('Of the verb `comment` only; the object is what it comments on'),
  target_name: z.string().nullable().describe("The object's owner, or the user that was followed or unfollowed"),
  time: EventTime,
});

const Group = z.object({
  actor_name,
  verb,
  object_type,
  count: z.int().min(1),
  object_ids: z
    .array(z.int())
    .max(GROUP_OBJECTS_MAX)
    .describe(
      'Of the latest three activities, newest first, so an object can be repeated; empty for follows and unfollows',
    ),
  day: z.iso.date().describe('In UTC'),
  time: EventTime.describe(
    'Of the first activity of the group; groups are in descending order of it. A group moves up when that activity is taken back',
  ),
});

const GROUP = {
  actor_name: 'nico',
  verb: 'like',
  object_type: 'photo',
  count: 12,
  object_ids: [21, 19, 17],
  day: '2019-02-10',
  time: '2019-02-10T09:14:02.114501+00:00',
};

const PATHS: Record<PagedFeed, string> = { my: '/feed/my', friends: '/feed/friends', user: '/users/nico/feed' };

/** Describes the route of a feed. */
export function DescribeFeed(summary: string, feed: PagedFeed) {
  const field = `${feed}_feed`;
  const newer_url = `${PATHS[feed]}?since=${POSITION_EXAMPLE}`;
  return applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary,
      security: 'key',
      ...(feed === 'user' && { path: userPath }),
      query: {
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: 'Entries per page',
        },
        cursor: { schema: z.string(), description: 'Opaque; taken from next_url' },
        group: {
          schema: z.literal('day'),
          description: 'Groups the activities of one actor, verb and object type on one day into one entry',
        },
        since: SINCE,
        expand: EXPAND,
      },
      answer: {
        schema: z.object({
          [field]: z.union([z.array(Entry), z.array(Group)]),
          next_url: nextUrl,
          newer_url: newerUrl,
          objects: objectsByName,
        }),
        examples: {
          entries: { [field]: [ENTRY_EXAMPLE], next_url: '', newer_url },
          'group=day': { [field]: [GROUP], next_url: '', newer_url },
          'expand=objects': {
            [field]: [ENTRY_EXAMPLE],
            next_url: '',
            newer_url,
            objects: { 'photo:21': OBJECT_EXAMPLE },
          },
        },
        headers: FRESHNESS,
      },
      errors: [
        'LIMIT_INVALID',
        'CURSOR_INVALID',
        'GROUP_INVALID',
        'EXPAND_INVALID',
        'POSITION_INVALID',
        'POSITION_GONE',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
        ...(feed === 'user' ? (['USER_NOT_FOUND'] as const) : []),
      ],
    }),
  );
}
