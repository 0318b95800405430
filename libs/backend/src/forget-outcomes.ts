import { forgetOutcomes, type Relay } from '@activity-feed/eventing';
import type { Logger } from '@activity-feed/hosting';
import type { Pool } from 'pg';

/** Milliseconds between deletions. */
const INTERVAL = 60_000;
/** Outcomes deleted in one transaction. */
const BATCH = 1_000;

/** Deletes the outcomes of commands whose idempotency keys are not known any more, in the instance whose relays lead. */
export class ForgetOutcomes {
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly relays: readonly Pick<Relay, 'state'>[],
    private readonly pool: Pick<Pool, 'query'>,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      void this.forget().then(() => {
        if (!this.isStopping) this.start();
      });
    }, INTERVAL).unref();
  }

  stop(): void {
    this.isStopping = true;
    clearTimeout(this.timer);
  }

  /** Never rejects. */
  async forget(): Promise<void> {
    try {
      while (this.relays[0]?.state === 'leading' && !this.isStopping) {
        if ((await forgetOutcomes(this.pool, BATCH)) < BATCH) return;
      }
    } catch (err) {
      if (!this.isStopping) this.log.warn({ err }, 'deleting old idempotency keys failed; retrying');
    }
  }
}
