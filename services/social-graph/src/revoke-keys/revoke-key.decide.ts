import type { ErrorCode } from '@activity-feed/contracts';
import type { HeldKey } from '../lock-keys/lock-keys';

/** Decides whether the key `id` may be revoked: without a valid key its user could not issue another one. */
export function refusalOf(keys: readonly HeldKey[], id: number): ErrorCode | undefined {
  if (!keys.some((key) => key.id === id)) return 'KEY_NOT_FOUND';
  return keys.some((key) => key.isValid && key.id !== id) ? undefined : 'KEY_IS_LAST';
}
