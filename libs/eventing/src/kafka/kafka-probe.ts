import type { Admin } from 'kafkajs';
import { atMost } from '../at-most';
import type { Log } from '../log';
import { connectKafka, type KafkaSettings } from './connection';

/** Milliseconds that `close` waits for the broker. */
const CLOSE_LIMIT = 200;

/** Checks whether the broker answers, for health checks. */
export class KafkaProbe {
  private readonly admin: Admin;
  private connected: Promise<void> | undefined;

  constructor(settings: KafkaSettings, log: Log) {
    this.admin = connectKafka(settings, log, { retry: { retries: 0 } }).admin();
  }

  /** Throws when the broker does not answer. */
  async check(): Promise<void> {
    this.connected ??= this.admin.connect();
    try {
      await this.connected;
      await this.admin.describeCluster();
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    // Disconnecting waits for requests that a hanging broker may never answer.
    await atMost(CLOSE_LIMIT, this.admin.disconnect());
  }
}
