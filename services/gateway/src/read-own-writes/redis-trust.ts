/** Milliseconds between attempts to begin an epoch. */
const RETRY = 200;

export interface RedisTrustOptions {
  /** Whether this gateway receives the announcements of all others. */
  isReceiving(): boolean;
  /** Begins an epoch; false if Redis does not confirm it. */
  beginEpoch(): Promise<boolean>;
  /** Called when trust is lost or gained. */
  onChange?(trusted: boolean): void;
}

/**
 * Whether the versions in Redis can be trusted. Trust begins when this gateway has begun an epoch, and ends with any
 * event by which Redis may have missed or lost a write. Epochs begin only while other gateways are received, so that
 * their distrust is not missed afterwards.
 */
export class RedisTrust {
  private trusted = false;
  /** Number of distrusts: an epoch that began before the latest one is not enough. */
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
