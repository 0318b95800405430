import { z } from 'zod';
import { EventTime } from '../event-time';
import { By, EventId, ObjectRef, PostedRef, User } from '../identifiers';
import { Mention } from '../mention';

const WithContent = { content: z.string().min(1) };

const mentions = z
  .array(Mention)
  .optional()
  .describe(
    'Users mentioned in the content after the event, in its order, as places in UTF-16 code units. Missing if none',
  );

/** `target` is the object's owner. */
const objectWithOwner = z.object({ actor: User, object: ObjectRef, target: User });

/** What a comment hangs on, in events about it. Undefined for other objects. */
const ofComment = {
  root: PostedRef.optional().describe('If the object is a comment: what it comments on'),
  root_owner: User.optional().describe('The owner of that'),
};

const CommentId = z.int().min(1);

export const activityEvents = {
  'activity.object-posted.v1': z.object({ actor: User, object: PostedRef.extend(WithContent), mentions }),
  'activity.comment-posted.v1': z.object({
    actor: User,
    object: ObjectRef.extend({ ...WithContent, type: z.literal('comment') }),
    root: PostedRef.describe('What it comments on, also if it is a reply'),
    target: User.describe('The owner of that'),
    thread: CommentId.nullable().describe('The id of the first-level comment that a reply is listed under'),
    reply_to: z
      .object({ id: CommentId, owner: User })
      .nullable()
      .describe('The comment that it replies to, which may be a reply too'),
    mentions,
  }),
  'activity.object-liked.v1': objectWithOwner.extend(ofComment),
  'activity.object-shared.v1': objectWithOwner,
  'activity.object-unliked.v1': objectWithOwner.extend({
    ...ofComment,
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
    object: ObjectRef.extend(WithContent).describe('With its content after the event'),
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
    ...ofComment,
    mentions,
    notify: z
      .array(User)
      .optional()
      .describe(
        'Those of the mentioned users to notify: nobody whom an earlier version mentioned, also if it was removed, and not ' +
          'the actor. Missing if none',
      ),
  }),
  'activity.object-deleted.v1': objectWithOwner
    .extend({
      ...ofComment,
      restorable_until: EventTime,
      created_at: EventTime.optional().describe('When the object was created. Missing in events of earlier versions'),
      by: By.optional().describe('Who deleted it, if not the actor; `admin` with the admin key'),
    })
    .describe(
      'Every activity about the object disappears with it, and returns when it is restored. An administrator can delete ' +
        'what its owner has deleted already: then only they can restore it',
    ),
  'activity.object-restored.v1': z.object({
    actor: User,
    object: ObjectRef.extend(WithContent),
    ...ofComment,
    revision: z.int().min(1).describe('Number of the current version'),
    created_at: EventTime,
    mentions,
    by: By.optional().describe('Who restored it, if not the actor; `admin` with the admin key'),
  }),
} as const;
