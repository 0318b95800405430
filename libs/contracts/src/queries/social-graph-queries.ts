import type { EventTime } from '../event-time';
import type { User, UserId } from '../identifiers';
import { type Answer, message } from '../message';

/** The user of a key. The hash is SHA-256 in hexadecimal: the key itself never leaves the gateway. */
export const ResolveKey = message<{ keyHash: string }, Answer<User>>('social-graph.resolve-key');

export interface UserProfile extends User {
  followIds: UserId[];
  createdAt: EventTime;
  updatedAt: EventTime;
}

export const FindUser = message<{ id: UserId }, Answer<UserProfile>>('social-graph.find-user');

/** Those of the named users who exist, in any order. */
export const FindUsers = message<{ names: string[] }, Answer<User[]>>('social-graph.find-users');
