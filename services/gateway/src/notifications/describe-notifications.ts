import {
  EventTime,
  NOTIFICATION_GROUPS_MAX,
  NOTIFICATION_MEMBERS_MAX,
  NOTIFICATION_NAMES_MAX,
  NOTIFICATION_VERBS,
  OBJECT_TYPES,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
} from '@activity-feed/contracts';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { EXPAND } from '../read-feed/expand';
import { newerUrl, nextUrl, POSITION_EXAMPLE, SINCE } from '../read-feed/next-url';
import { OBJECT_EXAMPLE, objectsByName } from '../read-objects/object-answer';
import { AcceptsTokens, FRESHNESS } from '../read-own-writes/token-description';

const Group = z.object({
  id: z.string().describe('Of the group and its newest member: it changes when the group grows'),
  group: z.string().describe('Of the group alone'),
  verb: z
    .enum(NOTIFICATION_VERBS)
    .describe(
      '`request`: to follow the caller, whose account is private; `accept`: of a request of the caller. An event that is ' +
        'several of these for the caller is the first in this list',
    ),
  object_type: z.enum(OBJECT_TYPES).nullable(),
  object_id: z
    .int()
    .nullable()
    .describe(
      "The caller's object; of a reply, the caller's comment; of a mention, what mentions the caller. Null if the " +
        'notification is about people alone',
    ),
  comment_id: z.int().nullable().describe('Of comments and replies, the newest one'),
  actor_names: z.array(z.string()).min(1).max(NOTIFICATION_NAMES_MAX).describe('Newest first, each once'),
  count: z
    .int()
    .min(1)
    .max(NOTIFICATION_MEMBERS_MAX)
    .describe(
      'Comments, replies or mentions; otherwise users. A user who likes, shares or follows again on the same day counts once',
    ),
  more: z.literal(true).optional().describe('If there are more than `count`'),
  day: z.iso.date().describe('In UTC'),
  time: EventTime.describe('Of the newest one'),
  seen: z.boolean(),
  read: z.boolean(),
});

export const unmarked = {
  unseen: z.int().min(0).max(NOTIFICATION_GROUPS_MAX).describe('Notifications that are not seen'),
  unread: z.int().min(0).max(NOTIFICATION_GROUPS_MAX).describe('Notifications that are not read'),
  more: z
    .literal(true)
    .optional()
    .describe(`If there are more than ${NOTIFICATION_GROUPS_MAX} that are not seen, or not read`),
};

const GROUP = {
  id: 'AAWBirbZ8HUBaA2S-XRwAIAAAAAAAAAQ',
  group: 'like:photo:21:2019-02-10',
  verb: 'like',
  object_type: 'photo',
  object_id: 21,
  comment_id: null,
  actor_names: ['nico', 'ivan'],
  count: 2,
  day: '2019-02-10',
  time: '2019-02-10T12:01:30.894037+00:00',
  seen: false,
  read: false,
};
const NEWER = `/notifications?since=${POSITION_EXAMPLE}`;
export const COUNTS = { unseen: 1, unread: 3 };

/** Describes the route of the caller's notifications. */
export const DescribeNotifications = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'What others did about the caller, newest first',
      description:
        "Likes, shares and comments of the caller's objects, replies to the caller's comments, mentions, follows and requests to " +
        'follow, grouped by verb, object and day. A group moves to the top when it grows. A follow is listed while it lasts, ' +
        'a request until it is answered. What is taken back, deleted or hidden from the caller is left out.',
      security: 'key',
      query: {
        limit: {
          schema: z.int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
          description: 'Notifications per page',
        },
        cursor: {
          schema: z.string(),
          description: 'Opaque; taken from next_url. What has arrived since the first page is not on those that follow',
        },
        since: SINCE,
        expand: EXPAND,
      },
      answer: {
        schema: z.object({
          notifications: z.array(Group),
          ...unmarked,
          next_url: nextUrl,
          newer_url: newerUrl,
          objects: objectsByName,
        }),
        examples: {
          notifications: { notifications: [GROUP], ...COUNTS, next_url: '', newer_url: NEWER },
          'expand=objects': {
            notifications: [GROUP],
            ...COUNTS,
            next_url: '',
            newer_url: NEWER,
            objects: { 'photo:21': OBJECT_EXAMPLE },
          },
        },
        headers: FRESHNESS,
      },
      errors: [
        'LIMIT_INVALID',
        'CURSOR_INVALID',
        'EXPAND_INVALID',
        'POSITION_INVALID',
        'POSITION_GONE',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
      ],
    }),
  );

/** Describes the route of how many notifications are new. */
export const DescribeCount = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'How many notifications the caller has not seen and not read',
      description: 'The same counts as on every page of notifications.',
      security: 'key',
      answer: { schema: z.object(unmarked), example: COUNTS, headers: FRESHNESS },
      errors: ['CONSISTENCY_TOKEN_INVALID', 'CONSISTENCY_TOKENS_TOO_MANY'],
    }),
  );
