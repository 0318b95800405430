import { z } from 'zod';
import { ObjectType } from './kinds/object-types';

const POSTGRES_INTEGER_MAX = 2_147_483_647;

export const UserId = z.int().min(1).max(POSTGRES_INTEGER_MAX).brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

export const USER_NAME = /^[a-z0-9_.-]{1,50}$/;
export const UserName = z.string().regex(USER_NAME);

/**
 * What a new user can be named. Clients and proxies resolve `.` and `..` in paths, so a name needs more than dots; users
 * who were registered with such a name keep it, so what exists is read by {@link UserName}.
 */
export const NEW_USER_NAME = /^(?!\.+$)[a-z0-9_.-]{1,50}$/;

/** A user as commands, events and answers name one. */
export const User = z.object({ id: UserId, name: UserName });
export type User = z.infer<typeof User>;

/** `{type, id}`, written `photo:21` in the API. Ids count up from 1 within a type. */
export const ObjectRef = z.object({ type: ObjectType, id: z.int().min(1) });
export type ObjectRef = z.infer<typeof ObjectRef>;

export const objectName = ({ type, id }: ObjectRef): string => `${type}:${id}`;

/** UUID version 7 (RFC 9562). */
export const EventId = z.uuid().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

/** Greatest length of an object's content, in Unicode code points. */
export const CONTENT_MAX_LENGTH = 10_000;
