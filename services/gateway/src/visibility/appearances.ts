import { APPEARANCE, type ErrorCode, type UserId } from '@activity-feed/contracts';
import { ApiError } from '../error-answers/api-error';

/** How users appear to the caller of a request. */
export class Appearances {
  private readonly bits: ReadonlyMap<UserId, number>;

  /** `bits` are those of APPEARANCE for each of `users`. `behind`: whether a block or its end may be missing. */
  constructor(
    users: readonly UserId[],
    bits: readonly number[],
    private readonly behind = false,
  ) {
    this.bits = new Map(users.map((user, place) => [user, bits[place] as number]));
  }

  /** Whether what one of `users` did, or what is about something of theirs, does not exist for the caller. */
  hides(users: readonly UserId[]): boolean {
    return users.some((user) => this.has(user, APPEARANCE.hidden));
  }

  /** Whether the user does not even exist for the caller, who otherwise sees at most that the account is private. */
  denies(user: UserId): boolean {
    return this.has(user, APPEARANCE.hidden) && !this.has(user, APPEARANCE.private);
  }

  /** The error for what does not exist or is hidden, with this code. While that may have changed, the caller must retry. */
  notFound(code: ErrorCode): ApiError {
    return new ApiError(this.behind ? 'SERVICE_UNAVAILABLE' : code);
  }

  /** Whether the caller mutes `user` or, `inShares`, what the user shares. */
  mutes(user: UserId, inShares = false): boolean {
    return this.has(user, inShares ? APPEARANCE.muted | APPEARANCE.sharesMuted : APPEARANCE.muted);
  }

  private has(user: UserId, mask: number): boolean {
    return ((this.bits.get(user) ?? 0) & mask) !== 0;
  }
}
