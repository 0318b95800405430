import type { Logger } from '@activity-feed/hosting';

/** Milliseconds between two lines. */
const PAUSE = 60_000;

/**
 * Logs connections that were refused for lack of the service secret: the first at once, and those of the following minute in total.
 * Whoever can reach the port could otherwise fill the log.
 */
export class RefusedConnections {
  private count = 0;
  private timer: NodeJS.Timeout | undefined;
  private last: { reason: string; from: string | undefined } = { reason: '', from: undefined };

  constructor(private readonly log: Pick<Logger, 'warn'>) {}

  note(reason: string, from: string | undefined): void {
    this.last = { reason, from };
    this.count++;
    if (!this.timer) this.report();
  }

  private report(): void {
    this.timer = undefined;
    if (this.count === 0) return;
    this.log.warn(
      { ...this.last, connections: this.count },
      'refused a connection without SERVICE_SECRET; the gateways need the same one',
    );
    this.count = 0;
    this.timer = setTimeout(() => this.report(), PAUSE).unref();
  }
}
