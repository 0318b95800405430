import type { ErrorCode } from '../errors';
import type { EventTime } from '../event-time';
import type { By, ObjectRef, PostedRef } from '../identifiers';
import { OBJECT_VERBS, type ObjectVerb, type PostedType, UNDO_VERBS, type UndoVerb } from '../kinds';
import type { Marks } from '../marks';
import type { Mention } from '../mention';
import { type Answer, type Message, message } from '../message';
import type { Command, WriteAnswer, Written } from './command';

/** A new content. */
interface WithContent {
  content: string;
  /** Of {@link content}, at most {@link MENTIONS_MAX}. Older gateways send none. */
  mentions?: Mention[];
}

export interface PostObjectCommand extends Command, WithContent {
  type: PostedType;
}

export interface ObjectCommand extends Command {
  object: ObjectRef;
}

export interface EditObjectCommand extends ObjectCommand, WithContent {}

/** `editedAt` is the time of the last edit; null if the object was never edited. */
export type EditAnswer = Answer<Written & { editedAt: EventTime | null }>;

export const PostObject = message<PostObjectCommand, Answer<Written & { objectId: number }>>('activity.post-object');
/** For each verb about somebody's object, the command that records it. */
export const OBJECT_COMMANDS = Object.fromEntries(
  OBJECT_VERBS.map((verb) => [verb, message(`activity.${verb}-object`)]),
) as Record<ObjectVerb, Message<ObjectCommand, WriteAnswer>>;

export interface UndoCommand extends ObjectCommand {
  /** The error if there is nothing to take back: only what exists can be taken back from an object that is hidden from the actor. */
  ifNothing?: ErrorCode | undefined;
}

/** Unchanged if there is nothing to take back. Fails with OBJECT_NOT_FOUND or `ifNothing`. */
export const UNDO_COMMANDS = Object.fromEntries(
  UNDO_VERBS.map((verb) => [verb, message(`activity.${verb}-object`)]),
) as Record<UndoVerb, Message<UndoCommand, WriteAnswer>>;

/** Fails with OBJECT_NOT_FOUND or NOT_OWNER. */
export const EditObject = message<EditObjectCommand, EditAnswer>('activity.edit-object');

export interface CommentCommand extends Command, WithContent {
  /** What is commented on. */
  root: PostedRef;
  /** The id of the comment that it replies to; undefined at the first level. */
  replyTo?: number | undefined;
}

/** Fails with OBJECT_NOT_FOUND or REPLY_INVALID. */
export const CommentOnObject = message<CommentCommand, Answer<Written & { objectId: number }>>(
  'activity.comment-on-object',
);

export interface RemoveVersionCommand extends ObjectCommand {
  /** As counted in the object's history. */
  version: number;
}

/** Fails with OBJECT_NOT_FOUND, NOT_OWNER, VERSION_NOT_FOUND or VERSION_CURRENT. */
export const RemoveVersion = message<RemoveVersionCommand, WriteAnswer>('activity.remove-version');

/**
 * A command of an object's owner, of the owner of what a comment hangs on, or of whoever has the admin key. Its event is
 * in the owner's stream, and so is the position of its token.
 */
export interface OwnerCommand extends Omit<Command, 'actor'> {
  object: ObjectRef;
  by: By;
}

export type DeleteAnswer = Answer<Written & { restorableUntil: EventTime }>;

/** Unchanged if it is deleted already. Fails with OBJECT_NOT_FOUND or NOT_OWNER. */
export const DeleteObject = message<OwnerCommand, DeleteAnswer>('activity.delete-object');

/** Unchanged if it is not deleted. Fails with OBJECT_NOT_FOUND, NOT_OWNER, NOT_DELETER or OBJECT_GONE. */
export const RestoreObject = message<OwnerCommand, WriteAnswer>('activity.restore-object');

export interface MarkNotificationsCommand extends Command {
  /** What is seen or read now. Marks that are missing do not move. */
  marks: Partial<Marks>;
}

/** Unchanged if all of it was marked. */
export const MarkNotifications = message<MarkNotificationsCommand, WriteAnswer>('activity.mark-notifications');
