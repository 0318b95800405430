import { z } from 'zod';
import { ObjectType, PostedType } from './kinds/object-types';

const POSTGRES_INTEGER_MAX = 2_147_483_647;

export const UserId = z.int().min(1).max(POSTGRES_INTEGER_MAX).brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

export const USER_NAME = /^[a-z0-9_.-]{1,50}$/;
export const UserName = z.string().regex(USER_NAME);

/**
 * Names for new users. Clients and proxies resolve `.` and `..` in paths, so a name cannot consist of dots. Users who
 * were registered with such a name keep it, so existing names are validated by {@link UserName}.
 */
export const NEW_USER_NAME = /^(?!\.+$)[a-z0-9_.-]{1,50}$/;

/** A user in commands, events and answers. */
export const User = z.object({ id: UserId, name: UserName });
export type User = z.infer<typeof User>;

/** Written `photo:21` in the API. Ids start at 1 for each type. */
export const ObjectRef = z.object({ type: ObjectType, id: z.int().min(1) });
export type ObjectRef = z.infer<typeof ObjectRef>;

/** Who acts on an object that may be somebody else's: a user, or whoever has the admin key. */
export const By = z.union([User, z.literal('admin')]);
export type By = z.infer<typeof By>;

/** A post or a photo: what can be shared and commented on. */
export const PostedRef = ObjectRef.extend({ type: PostedType });
export type PostedRef = z.infer<typeof PostedRef>;

export const objectName = ({ type, id }: ObjectRef): string => `${type}:${id}`;

/** UUID version 7 (RFC 9562). */
export const EventId = z.uuid().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

/** Maximum length of an object's content in Unicode code points. */
export const CONTENT_MAX_LENGTH = 10_000;
