/** Milliseconds from one attempt to begin an epoch to the next. */
const RETRY = 200;

export interface RedisTrustOptions {
  /** Whether everything is received that other gateways publish. */
  isReceiving(): boolean;
  /** Begins an epoch; false when Redis does not say that it has begun. */
  beginEpoch(): Promise<boolean>;
  /** Called when trust is lost or gained. */
  onChange?(trusted: boolean): void;
}

/**
 * Whether what Redis holds may be believed. Not from the beginning, and not after anything that may have made Redis miss
 * or lose a write, until this gateway has begun an epoch since: whatever was complete before does not count then. It is
 * begun only while other gateways are received, so that their distrust cannot be missed afterwards.
 */
export class RedisTrust {
  private trusted = false;
  /** Which distrust is the latest: an epoch that was begun before it is not enough. */
  private distrusts = 0;
  private beginning = false;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: RedisTrustOptions) {
    this.timer = setInterval(() => void this.restore(), RETRY);
  }

  get holds(): boolean {
    return this.trusted && this.options.isReceiving();
  }

  distrust(): void {
    this.distrusts++;
    if (this.trusted) this.options.onChange?.(false);
    this.trusted = false;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async restore(): Promise<void> {
    if (this.trusted || this.beginning || !this.options.isReceiving()) return;
    const { distrusts } = this;
    this.beginning = true;
    try {
      const begun = await this.options.beginEpoch();
      if (!begun || this.distrusts !== distrusts) return;
      this.trusted = true;
      this.options.onChange?.(true);
    } finally {
      this.beginning = false;
    }
  }
}
