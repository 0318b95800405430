import {
  type Engagement,
  EventTime,
  engagementCounts,
  type FoundComment,
  type FoundObject,
  MENTIONS_MAX,
  OBJECT_TYPES,
  objectName,
} from '@activity-feed/contracts';
import { z } from 'zod';

export const MentionsAnswer = z
  .array(z.object({ name: z.string(), start: z.int().min(0), end: z.int().min(1) }))
  .max(MENTIONS_MAX)
  .describe(
    'Users whom the content mentions, in its order: from `start`, the place of the `@`, to before `end`, in UTF-16 code units',
  );

export const ObjectAnswer = z.object({
  object_type: z.enum(OBJECT_TYPES),
  object_id: z.int(),
  root: z.string().optional().describe('Of comments only: what it comments on, for example `photo:21`'),
  thread: z
    .int()
    .nullable()
    .optional()
    .describe('Of comments only: the first-level comment that it is listed under; null at the first level'),
  reply_to: z.int().nullable().optional().describe('Of comments only: the comment that it replies to'),
  owner_name: z.string().describe('Who posted it'),
  content: z.string(),
  mentions: MentionsAnswer,
  created_at: EventTime,
  edited_at: EventTime.nullable().describe('Null if it was never edited'),
  ...engagementCounts(() => z.int().min(0)),
  liked: z.boolean().describe('Whether the caller likes it'),
  shared: z.boolean().describe('Whether the caller has shared it'),
  muted: z.literal(true).optional().describe('If the caller mutes the owner'),
  deleted_at: EventTime.optional().describe('Only of a deleted object, which only its owner sees'),
  restorable_until: EventTime.optional().describe('Likewise'),
});
export type ObjectAnswer = z.infer<typeof ObjectAnswer>;

/** The field of a page that `expand=objects` adds. */
export const objectsByName = z
  .record(z.string(), ObjectAnswer.nullable())
  .optional()
  .describe(
    'With `expand=objects`: by name, each as `GET /objects/{object}` returns it; null if it no longer exists for the caller',
  );

export const OBJECT_EXAMPLE = {
  object_type: 'photo',
  object_id: 21,
  owner_name: 'eric',
  content: 'Sunrise over the bay, with @ivan',
  mentions: [{ name: 'ivan', start: 27, end: 32 }],
  created_at: '2019-02-10T11:58:02.410668+00:00',
  edited_at: '2019-02-10T12:07:45.031500+00:00',
  likes: 12,
  shares: 2,
  comments: 3,
  liked: true,
  shared: false,
};

const NO_ENGAGEMENT = engagementCounts(() => 0);

/** An object as the API shows it, from the answers of activity and the feed. Nothing counts for a deleted one. */
export const toObjectAnswer = (found: FoundObject, engagement: Engagement, muted: boolean): ObjectAnswer => ({
  object_type: found.object.type,
  object_id: found.object.id,
  ...(found.comment && placeOf(found.comment)),
  owner_name: found.owner.name,
  content: found.content,
  mentions: (found.mentions ?? []).map(({ user: { name }, start, end }) => ({ name, start, end })),
  created_at: found.createdAt,
  edited_at: found.editedAt,
  ...(found.deletion ? NO_ENGAGEMENT : engagement),
  // To the feed, a comment and its replies are comments on the same object.
  ...(found.comment && { comments: found.comment.replies }),
  liked: found.liked,
  shared: found.shared,
  ...(muted && { muted }),
  ...(found.deletion && {
    deleted_at: found.deletion.deletedAt,
    restorable_until: found.deletion.restorableUntil,
  }),
});

const placeOf = ({ root, thread, replyTo }: FoundComment) => ({ root: objectName(root), thread, reply_to: replyTo });
