import { decodeToken } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { Identities } from '../authenticate/identities';
import { WrittenVersions } from '../read-own-writes/written-versions';

/** Makes every gateway look up a user's keys again after some were revoked, the user was suspended, or either may have happened. */
@Injectable()
export class KeyChanges {
  constructor(
    identities: Identities,
    private readonly written: WrittenVersions,
  ) {
    written.onKeysChanged((user) => identities.forget(user));
    written.onLost(() => identities.forgetAll());
    identities.hearsAll = () => written.receivesAll;
  }

  /** Announces a revocation. `token` is the newest position of the keys' user. Resolves when no gateway accepts the keys. */
  async revoked(token: string): Promise<void> {
    const position = decodeToken(token);
    if (!position) throw new Error('social-graph sent a token that cannot be read');
    await this.written.remember(position, { changesKeys: true });
  }
}
