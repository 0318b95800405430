import { z } from 'zod';
import { User } from '../identifiers';

export const socialGraphEvents = {
  'social-graph.user-registered.v1': z.object({ actor: User }),
  'social-graph.user-followed.v1': z.object({ actor: User, target: User }),
  'social-graph.user-unfollowed.v1': z.object({ actor: User, target: User }),
} as const;
