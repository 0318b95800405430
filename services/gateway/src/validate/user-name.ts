import { UserName } from '@activity-feed/contracts';
import { ApiError } from '../error-answers/api-error';

/**
 * Converts a name from a request to lower case. Only ASCII letters are folded: Unicode folds the Kelvin sign to `k` and
 * a dotted capital I to `i`, so look-alikes could name other users. Throws ApiError USER_NOT_FOUND for a name that no
 * user can have.
 */
export function toUserName(text: string): string {
  const name = UserName.safeParse(text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
  if (!name.success) throw new ApiError('USER_NOT_FOUND');
  return name.data;
}
