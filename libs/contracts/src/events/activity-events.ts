import { z } from 'zod';
import { ObjectRef, User } from '../identifiers';

/** `target` is the object's owner. */
const objectWithOwner = z.object({ actor: User, object: ObjectRef, target: User });

export const activityEvents = {
  'activity.object-posted.v1': z.object({ actor: User, object: ObjectRef.extend({ content: z.string().min(1) }) }),
  'activity.object-liked.v1': objectWithOwner,
  'activity.object-shared.v1': objectWithOwner,
} as const;
