import { decodeToken, type StreamPosition } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { Identities } from '../authenticate/identities';
import { WrittenVersions } from '../read-own-writes/written-versions';

/**
 * Makes every gateway look up a user's keys again after some were revoked, the user was suspended, the user's rate limits were set,
 * or any of that may have happened.
 */
@Injectable()
export class KeyChanges {
  constructor(
    identities: Identities,
    private readonly written: WrittenVersions,
  ) {
    written.onKeysChanged((user) => identities.forget(user));
    written.onLimitsChanged((user) => identities.refresh(user));
    written.onLost(() => identities.forgetAll());
    identities.receivesAll = () => written.receivesAll;
  }

  /** Announces a revocation. `token` is the newest position of the keys' user. Resolves when no gateway accepts the keys. */
  async revoked(token: string): Promise<void> {
    await this.written.remember(positionOf(token), { changesKeys: true });
  }

  /** Announces new rate limits in the same way. */
  async limited(token: string): Promise<void> {
    await this.written.remember(positionOf(token), { changesLimits: true });
  }
}

function positionOf(token: string): StreamPosition {
  const position = decodeToken(token);
  if (!position) throw new Error('social-graph sent a token that cannot be read');
  return position;
}
