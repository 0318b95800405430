import { EventTime, OBJECT_TYPES } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { ObjectName } from '../validate/object-name';
import { code } from '../validate/parse';

const path = { object: { schema: ObjectName, description: 'For example `photo:21`' } };
const fields = { object_type: z.enum(OBJECT_TYPES), object_id: z.int() };

const DeletionAnswer = z.object({
  ...fields,
  message: z.enum(['Object deleted', 'Already deleted']),
  restorable_until: EventTime,
});
export type DeletionAnswer = z.infer<typeof DeletionAnswer>;

export const RestoreRequest = z.object({}, code('BAD_REQUEST'));

const RestoreAnswer = z.object({ ...fields, message: z.enum(['Object restored', 'Not deleted']) });
export type RestoreAnswer = z.infer<typeof RestoreAnswer>;

/** Describes the route that deletes an object. */
export const DescribeDeletion = () =>
  DescribeRoute({
    summary: 'Delete an object of your own, a comment on one or, with the admin key, any object',
    description:
      'It disappears for everyone, with all activities about it, from every feed, group, summary, trend, count and list. ' +
      'Until `restorable_until` its owner still reads it, and who deleted it can restore it, nobody else. Likes and ' +
      'shares of it can still be taken back. With a post or a photo go all comments on it. A deleted comment stays in ' +
      'the list of comments, without its content and user, while it has replies.',
    security: 'key-or-admin-key',
    path,
    answer: {
      schema: DeletionAnswer,
      example: {
        object_type: 'photo',
        object_id: 21,
        message: 'Object deleted',
        restorable_until: '2019-03-12T12:10:05.250000+00:00',
      },
      headers: TOKEN_DESCRIPTION,
    },
    errors: ['OBJECT_NAME_TOO_LONG', 'OBJECT_FORMAT_INVALID', 'OBJECT_NOT_FOUND', 'NOT_OWNER'],
  });

/** Describes the route that restores a deleted object. */
export const DescribeRestore = () =>
  DescribeRoute({
    summary: 'Restore an object that you deleted or, with the admin key, one that was deleted with it',
    description: 'Everything about it returns to its place, with the same times and counts.',
    security: 'key-or-admin-key',
    path,
    body: { schema: RestoreRequest, examples: { photo: {} } },
    answer: {
      schema: RestoreAnswer,
      example: { object_type: 'photo', object_id: 21, message: 'Object restored' },
      headers: TOKEN_DESCRIPTION,
    },
    errors: [
      'OBJECT_NAME_TOO_LONG',
      'OBJECT_FORMAT_INVALID',
      'OBJECT_NOT_FOUND',
      'NOT_OWNER',
      'NOT_DELETER',
      'OBJECT_GONE',
    ],
  });
