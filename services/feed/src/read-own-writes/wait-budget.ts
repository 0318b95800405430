import { READ_WAIT } from '@activity-feed/contracts';

/** The time that one read may spend waiting, however many things it waits for one after another. */
export class WaitBudget {
  private readonly end: number;

  /** `limit` in milliseconds; what a gateway leaves of it, which may have waited already. */
  constructor(limit = READ_WAIT) {
    this.end = performance.now() + Math.min(limit, READ_WAIT);
  }

  /** Milliseconds. */
  get left(): number {
    return Math.max(0, this.end - performance.now());
  }

  /** What `work` gives; undefined when the time is up before. */
  async within<T>(work: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, this.left, undefined);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}
