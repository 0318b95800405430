import type { ObjectRef } from '../identifiers';
import type { ObjectType } from '../kinds';
import { type Answer, message } from '../message';
import type { Command, WriteAnswer, Written } from './command';

export interface PostObjectCommand extends Command {
  type: ObjectType;
  content: string;
}

export interface ObjectCommand extends Command {
  object: ObjectRef;
}

export const PostObject = message<PostObjectCommand, Answer<Written & { objectId: number }>>('activity.post-object');
export const LikeObject = message<ObjectCommand, WriteAnswer>('activity.like-object');
export const ShareObject = message<ObjectCommand, WriteAnswer>('activity.share-object');
