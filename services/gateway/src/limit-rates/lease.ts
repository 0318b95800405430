import { attempt } from '@activity-feed/hosting';

/** The share of the points that a gateway uses without asking, and takes at once. */
const BLOCKS = 10;

/** What all gateways have taken of a bucket in its current window, and milliseconds until that ends. */
export interface Taken {
  consumed: number;
  endsIn: number;
}

export interface LeaseOptions {
  /** Requests in a window. */
  points: number;
  /** Milliseconds. */
  window: number;
  /** Takes points from the bucket that all gateways share. */
  take(count: number): Promise<Taken>;
  now?(): number;
}

/**
 * This gateway's part of a bucket. The first tenth of a window's points costs no message. Only users who need more are counted in
 * the shared bucket, from which the gateway takes a tenth at a time, the next one when half of the last is used.
 */
export class Lease {
  readonly points: number;
  private readonly block: number;
  private readonly options: LeaseOptions;
  private readonly now: () => number;
  private endsAt = Number.NEGATIVE_INFINITY;
  private left = 0;
  /** Whether the first tenth of this window is in the shared bucket. */
  private isCounted = false;
  private isUsedUp = false;
  private waiting = 0;
  private taking: Promise<void> | undefined;

  constructor(options: LeaseOptions) {
    this.options = options;
    this.points = options.points;
    this.block = Math.ceil(options.points / BLOCKS);
    this.now = options.now ?? (() => performance.now());
  }

  /** Uses a point, or returns false if there is none. A promise if the shared bucket has to be asked first. */
  use(): boolean | Promise<boolean> {
    this.beginIfOver();
    if (this.left > 0) {
      this.left--;
      if (!this.isUsedUp && this.left <= (this.isCounted ? this.block / 2 : 0)) void this.takeMore();
      return true;
    }
    if (this.isUsedUp) return false;
    this.waiting++;
    return this.takeMore().then(() => {
      this.waiting--;
      return this.use();
    });
  }

  /** Whether requests are refused until the window ends. */
  get isEmpty(): boolean {
    this.beginIfOver();
    return this.isUsedUp && this.left === 0;
  }

  /** Milliseconds until the window ends. */
  get endsIn(): number {
    return Math.max(0, this.endsAt - this.now());
  }

  private beginIfOver(): void {
    // What is being taken may belong to a window that others have begun.
    if (this.taking || this.now() < this.endsAt) return;
    this.endsAt = this.now() + this.options.window;
    this.left = this.block;
    this.isCounted = false;
    this.isUsedUp = false;
  }

  private takeMore(): Promise<void> {
    this.taking ??= this.takeBlock();
    return this.taking;
  }

  private async takeBlock(): Promise<void> {
    const uncounted = this.isCounted ? 0 : this.block;
    const count = uncounted + Math.max(this.block, this.waiting);
    const taken = await attempt(this.options.take(count));
    this.taking = undefined;
    this.isCounted = true;
    const granted = taken ? Math.min(count, Math.max(0, this.points - (taken.consumed - count))) : 0;
    this.left += Math.max(0, granted - uncounted);
    this.isUsedUp = granted < count;
    if (taken) this.endsAt = this.now() + taken.endsIn;
  }
}
