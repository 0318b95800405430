import { type Mention, type NewEvent, objectName, type PostedRef, type User } from '@activity-feed/contracts';
import { accept, type Decision, reject } from '@activity-feed/eventing';

/** A comment that others may reply to: it is not deleted. */
export interface ExistingComment {
  id: number;
  owner: User;
  root: PostedRef;
  /** Null at the first level. */
  thread: number | null;
}

export interface CommentFacts {
  /** The id of the new comment. */
  id: number;
  /** Of the object that is commented on; undefined if it does not exist. */
  owner: User | undefined;
  /** What the comment replies to; undefined if there is no such comment. */
  repliedTo: ExistingComment | undefined;
}

export interface NewComment {
  actor: User;
  root: PostedRef;
  content: string;
  mentions?: Mention[];
  /** Undefined at the first level. */
  replyTo?: number | undefined;
}

/** Decides whether a user may comment on an object. There are two levels: a reply to a reply joins its thread. */
export function decideComment(
  { id, owner, repliedTo }: CommentFacts,
  { actor, root, content, mentions = [], replyTo }: NewComment,
): Decision<NewEvent<'activity.comment-posted.v1'>> {
  if (!owner) return reject('OBJECT_NOT_FOUND');
  const comment = {
    actor,
    object: { type: 'comment' as const, id, content },
    root,
    target: owner,
    ...(mentions.length > 0 && { mentions }),
  };
  if (replyTo === undefined) {
    return accept({ type: 'activity.comment-posted.v1', data: { ...comment, thread: null, reply_to: null } });
  }
  if (!repliedTo || objectName(repliedTo.root) !== objectName(root)) return reject('REPLY_INVALID');
  const thread = repliedTo.thread ?? repliedTo.id;
  const reply_to = { id: repliedTo.id, owner: repliedTo.owner };
  return accept({ type: 'activity.comment-posted.v1', data: { ...comment, thread, reply_to } });
}
