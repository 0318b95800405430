import { READ_WAIT_LIMIT } from '@activity-feed/contracts';

/** The time that a read may spend on all its waits together. */
export class WaitClock {
  private readonly end: number;

  /** `limit` in milliseconds: less than READ_WAIT_LIMIT if the gateway has waited already. */
  constructor(limit = READ_WAIT_LIMIT) {
    this.end = performance.now() + Math.min(limit, READ_WAIT_LIMIT);
  }

  get left(): number {
    return Math.max(0, this.end - performance.now());
  }

  /** The result of `work`; undefined if the time is up first. */
  async within<T>(work: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, this.left, undefined);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}
