import type { UserId } from '@activity-feed/contracts';
import { Injectable } from '@nestjs/common';
import { Identities } from '../authenticate/identities';
import { WrittenVersions } from '../read-own-writes/written-versions';

/** Makes every gateway look up a user's key again after the user was suspended or reinstated, or may have been. */
@Injectable()
export class Suspensions {
  constructor(
    private readonly identities: Identities,
    written: WrittenVersions,
  ) {
    written.onSuspension((user) => identities.forget(user));
    written.onLost(() => identities.forgetAll());
    identities.hearsAll = () => written.receivesAll;
  }

  /** For gateways that start later and miss the announcement. */
  async changed(user: UserId): Promise<void> {
    await this.identities.change(user);
  }
}
