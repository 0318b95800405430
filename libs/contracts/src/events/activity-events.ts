import { z } from 'zod';
import { EventTime } from '../event-time';
import { EventId, ObjectRef, User } from '../identifiers';

const ObjectWithContent = ObjectRef.extend({ content: z.string().min(1) });

/** Where in the content a user is mentioned, in UTF-16 code units; `end` is exclusive. */
const Mention = z.object({ user: User, start: z.int().min(0), end: z.int().min(1) });

/** `target` is the object's owner. */
const objectWithOwner = z.object({ actor: User, object: ObjectRef, target: User });

export const activityEvents = {
  'activity.object-posted.v1': z.object({ actor: User, object: ObjectWithContent }),
  'activity.object-liked.v1': objectWithOwner,
  'activity.object-shared.v1': objectWithOwner,
  'activity.object-unliked.v1': objectWithOwner.extend({
    undone: z
      .object({ id: EventId, version: z.int().min(1), time: EventTime })
      .describe('The like that it takes back: id, stream version and time of its event'),
  }),
  'activity.object-unshared.v1': objectWithOwner.extend({
    undone: z
      .object({ count: z.int().min(1), first_time: EventTime, last_time: EventTime })
      .describe('The shares that it takes back: all earlier ones of the object by the actor'),
  }),
  'activity.object-edited.v1': z.object({
    actor: User,
    object: ObjectWithContent.describe('With its content after the event'),
    revision: z
      .int()
      .min(1)
      .describe('Number of the current version after the event. A posted object has version 1, each edit adds one'),
    removed: z
      .array(z.int().min(1))
      .min(1)
      .optional()
      .describe(
        'Earlier versions that the owner has removed for everyone: delete what you store of them. The event is then no ' +
          'edit: content and revision are those of the edit before, and so is the time of the last edit',
      ),
    mentions: z.array(Mention).optional().describe('Users mentioned in the content'),
    notify: z.array(User).optional().describe('Those of them to notify: not mentioned in any earlier version'),
  }),
} as const;
