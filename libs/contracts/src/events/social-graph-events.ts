import { z } from 'zod';
import { EventTime } from '../event-time';
import { By, User } from '../identifiers';

const OnTarget = z.object({ actor: User, target: User });

export const socialGraphEvents = {
  'social-graph.user-registered.v1': z.object({ actor: User }),
  'social-graph.user-followed.v1': OnTarget.extend({
    cause: z
      .enum(['accepted', 'published'])
      .optional()
      .describe(
        'Absent if the target’s account was public. `accepted`: the target, whose account is private, has accepted the ' +
          'actor’s request. `published`: the target has made the account public, which accepts all requests',
      ),
  }),
  'social-graph.user-unfollowed.v1': OnTarget.extend({
    cause: z
      .enum(['ended', 'removed'])
      .optional()
      .describe(
        'Without a cause the actor has unfollowed. With one, which is no activity, the follow ended otherwise: `removed` by ' +
          'the target',
      ),
  }),
  'social-graph.user-privacy-changed.v1': z
    .object({ actor: User, private: z.boolean() })
    .describe(
      'While the account is private, show the actor’s activities, and what others do with the actor’s objects, only to the ' +
        'actor and the actor’s followers',
    ),
  'social-graph.user-suspended.v1': z
    .object({ actor: User, by: By })
    .describe('Show the actor’s activities and objects to nobody until the actor is reinstated'),
  'social-graph.user-reinstated.v1': z.object({ actor: User, by: By }),
} as const;

/** Events of the source `social-graph-private`. */
export const privateEvents = {
  'social-graph.user-blocked.v1': OnTarget,
  'social-graph.user-unblocked.v1': OnTarget,
  'social-graph.user-muted.v1': OnTarget.extend({
    only: z.literal('shares').nullable().describe('Null: everything that the target does, and what is about it'),
    until: EventTime.nullable().describe('Null: until it is unmuted'),
  }),
  'social-graph.user-unmuted.v1': OnTarget.extend({ only: z.literal('shares').nullable() }),
  'social-graph.follow-requested.v1': OnTarget.describe('The target’s account is private'),
  'social-graph.follow-request-ended.v1': OnTarget.extend({
    cause: z
      .enum(['withdrawn', 'declined', 'accepted', 'published', 'ended'])
      .describe(
        '`withdrawn` by the actor; `declined` or `accepted` by the target; `published`: the target’s account became public; ' +
          '`ended`: otherwise. After `accepted` and `published` the actor follows the target',
      ),
  }),
} as const;
