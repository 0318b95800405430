import { z } from 'zod';
import { EventTime } from '../event-time';
import { User } from '../identifiers';

const OnTarget = z.object({ actor: User, target: User });

export const socialGraphEvents = {
  'social-graph.user-registered.v1': z.object({ actor: User }),
  'social-graph.user-followed.v1': OnTarget,
  'social-graph.user-unfollowed.v1': OnTarget.extend({
    cause: z
      .enum(['ended', 'removed'])
      .optional()
      .describe(
        'Without a cause the actor has unfollowed. With one, which is no activity, the follow ended otherwise: `removed` by ' +
          'the target',
      ),
  }),
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
} as const;
