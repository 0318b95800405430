import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '../log/logger';
import { giveUpLate } from '../stop/give-up';

let stop: (() => Promise<void>) | undefined;

/** `exported` sends what is left, and ends. */
export function stopsWith(exported: () => Promise<void>): void {
  stop = exported;
}

/** Sends the last spans when the process stops. A collector that does not answer is not waited for. */
export class LastTraces implements OnApplicationShutdown {
  constructor(private readonly logger: Logger) {}

  async onApplicationShutdown(): Promise<void> {
    if (stop) await giveUpLate('release', { traces: stop() }, this.logger);
  }
}
