import { EventTime, UserName } from '@activity-feed/contracts';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { timeInBody } from '../validate/future-time';
import { code } from '../validate/parse';
import { isStorable, lengthOf } from '../validate/text';
import { userPath } from '../validate/user-name';

/** Characters of the name of a key. */
const NAME_MAX = 100;
const CONTROL = /\p{Cc}/u;

const KeyName = z
  .string(code('NAME_INVALID'))
  .trim()
  .min(1, code('NAME_INVALID'))
  .refine((name) => lengthOf(name) <= NAME_MAX && !CONTROL.test(name) && isStorable(name), code('NAME_INVALID'))
  .describe(`What the key is for: 1 to ${NAME_MAX} characters, none of them a control character`);

export const KeyRequest = z.object(
  { name: KeyName, expires_at: timeInBody('EXPIRES_AT_INVALID').nullish().describe('Null or missing: never') },
  code('BAD_REQUEST'),
);

const expires = EventTime.nullable().describe('Null: never');

const secret = z.string();
const IssuedAnswer = z.object({
  id: z.int(),
  name: z.string(),
  auth_token: secret.describe('The key; this is the only time it is shown'),
  created_at: EventTime,
  expires_at: expires,
});
const RepeatableIssuedAnswer = IssuedAnswer.extend({
  auth_token: secret.optional().describe('The key; missing in the answer to a repeated request'),
});
export type IssuedAnswer = z.infer<typeof RepeatableIssuedAnswer>;

const KeysAnswer = z.object({
  keys: z.array(
    z.object({
      id: z.int(),
      name: z.string().describe('Empty if the key was issued with its user'),
      created_at: EventTime,
      last_used_at: EventTime.nullable().describe('To the hour; null if the key was never used'),
      expires_at: expires,
    }),
  ),
});
export type KeysAnswer = z.infer<typeof KeysAnswer>;

const ISSUED = {
  id: 12,
  name: 'backup script',
  auth_token: 'afs_9mZ3Qk0u6v4T0y7s2w9x1A5B8C3D6E9F2G5H8I1J4K719CT9G',
  created_at: '2019-02-10T12:01:30.894037+00:00',
  expires_at: '2019-05-11T12:00:00.000000+00:00',
};
const REQUESTS = {
  key: { name: 'backup script' },
  expiring: { name: 'backup script', expires_at: '2099-05-11T12:00:00Z' },
};

export const DescribeMyKeys = () =>
  DescribeRoute({
    summary: 'The keys of the caller, newest first',
    description: 'Expired keys are listed until they are revoked. The keys themselves are not shown.',
    security: 'key',
    answer: {
      schema: KeysAnswer,
      example: {
        keys: [
          {
            id: ISSUED.id,
            name: ISSUED.name,
            created_at: ISSUED.created_at,
            last_used_at: '2019-02-10T14:00:00.000000+00:00',
            expires_at: ISSUED.expires_at,
          },
          { id: 4, name: '', created_at: '2019-02-10T12:00:00.000001+00:00', last_used_at: null, expires_at: null },
        ],
      },
    },
  });

const FORMAT =
  'A key is `afs_` and 49 letters and digits, the last six a checksum. Scanners find keys with `afs_[0-9A-Za-z]{49}`. ' +
  'A user has at most 50 keys, expired ones included.';

/** Describes a route that issues a key: to the caller, or to the user in the path. */
export const DescribeIssue = (to: 'caller' | 'user') =>
  DescribeRoute({
    summary: to === 'caller' ? 'Issue a key to the caller' : 'Issue a key to a user who has lost theirs',
    description: FORMAT,
    security: to === 'caller' ? 'key' : 'admin-key',
    ...(to === 'user' && { path: userPath }),
    body: { schema: KeyRequest, examples: REQUESTS },
    answer: { status: 201, schema: to === 'caller' ? RepeatableIssuedAnswer : IssuedAnswer, example: ISSUED },
    errors: [
      'NAME_INVALID',
      'EXPIRES_AT_INVALID',
      'KEYS_TOO_MANY',
      ...(to === 'user' ? (['USER_NOT_FOUND'] as const) : []),
    ],
  });

const RevokedAnswer = z.object({ id: z.int(), message: z.literal('Key revoked') });
export type RevokedAnswer = z.infer<typeof RevokedAnswer>;

export const DescribeRevocation = () =>
  DescribeRoute({
    summary: 'Revoke a key of the caller',
    description:
      'When this is answered, every gateway refuses the key; one that Redis does not reach, within a second. Open streams of ' +
      'the caller end, and those with other keys can be resumed. The last key that has not expired cannot be revoked.',
    security: 'key',
    path: { id: { schema: z.string(), description: 'As in the list of keys' } },
    answer: { schema: RevokedAnswer, example: { id: 12, message: 'Key revoked' } },
    errors: ['KEY_NOT_FOUND', 'KEY_IS_LAST'],
  });

const AllRevokedAnswer = z.object({ name: UserName, revoked: z.int(), message: z.literal('Keys revoked') });
export type AllRevokedAnswer = z.infer<typeof AllRevokedAnswer>;

export const DescribeAllRevocations = () =>
  DescribeRoute({
    summary: 'Revoke all keys of a user',
    description:
      'The last one too: issue another one with the admin key. The keys are refused as when their user revokes them.',
    security: 'admin-key',
    path: userPath,
    answer: { schema: AllRevokedAnswer, example: { name: 'nico', revoked: 2, message: 'Keys revoked' } },
    errors: ['USER_NOT_FOUND'],
  });
