import { UserName } from '@activity-feed/contracts';
import { ApiError } from '../error-answers/api-error';

/**
 * The name of a user as a request writes it, with letters of either case. Only those of ASCII are folded: Unicode folds
 * the Kelvin sign to `k` and a dotted capital I to `i`, and who is named would depend on look-alikes.
 * Throws ApiError USER_NOT_FOUND for what nobody can be named.
 */
export function toUserName(text: string): string {
  const name = UserName.safeParse(text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
  if (!name.success) throw new ApiError('USER_NOT_FOUND');
  return name.data;
}
