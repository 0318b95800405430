import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';
import { DescribeRoute } from '../openapi/describe-route';
import { OBJECT_EXAMPLE, ObjectAnswer } from '../read-objects/object-answer';
import { AcceptsTokens, FRESHNESS } from '../read-own-writes/token-description';
import { ObjectName } from '../validate/object-name';
import { OBJECT_NAMES_MAX } from '../validate/object-names';

export const path = { object: { schema: ObjectName, description: 'For example `photo:21`' } };

/** Describes the route of an object. */
export const DescribeObject = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'A post, a photo or a comment',
      security: 'key',
      path,
      answer: {
        schema: ObjectAnswer,
        example: OBJECT_EXAMPLE,
        headers: FRESHNESS,
      },
      errors: [
        'OBJECT_NAME_TOO_LONG',
        'OBJECT_FORMAT_INVALID',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
        'OBJECT_NOT_FOUND',
      ],
    }),
  );

const ObjectsAnswer = z.object({ objects: z.array(ObjectAnswer).max(OBJECT_NAMES_MAX) });
export type ObjectsAnswer = z.infer<typeof ObjectsAnswer>;

/** Describes the route of several objects. */
export const DescribeObjects = () =>
  applyDecorators(
    AcceptsTokens(),
    DescribeRoute({
      summary: 'Several posts, photos and comments',
      description:
        'Each as `GET /objects/{object}` returns it, in the order of the names. An object that is named twice is returned ' +
        'once, at its first place, and objects that do not exist for the caller are left out. Name fewer if their contents may be long: ' +
        'the answer has all of them.',
      security: 'key',
      query: {
        names: {
          schema: z.string(),
          description: `1 to ${OBJECT_NAMES_MAX} comma-separated names, repeated ones included`,
          example: 'photo:21,post:3',
          required: true,
        },
      },
      answer: { schema: ObjectsAnswer, example: { objects: [OBJECT_EXAMPLE] }, headers: FRESHNESS },
      errors: [
        'OBJECT_NAMES_INVALID',
        'OBJECT_NAME_TOO_LONG',
        'OBJECT_FORMAT_INVALID',
        'CONSISTENCY_TOKEN_INVALID',
        'CONSISTENCY_TOKENS_TOO_MANY',
      ],
    }),
  );
