import { UserName } from '@activity-feed/contracts';
import { z } from 'zod';
import { ApiError } from '../error-answers/api-error';
import { code } from './parse';

/** The name of a user in a body. */
export const nameInBody = z.string(code('USER_MISSING')).describe("The user's name; upper and lower case are the same");

/** Describes the name of a user in a path. */
export const userPath = { name: { schema: z.string(), description: 'Upper and lower case are the same' } };

/**
 * Converts to lower case. Only ASCII letters are folded: Unicode folds the Kelvin sign to `k` and a dotted capital I to
 * `i`, so look-alikes could name other users.
 */
export const foldCase = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** The name of a user in a request. Throws ApiError USER_NOT_FOUND for a name that no user can have. */
export function toUserName(text: string): string {
  const name = UserName.safeParse(foldCase(text));
  if (!name.success) throw new ApiError('USER_NOT_FOUND');
  return name.data;
}
