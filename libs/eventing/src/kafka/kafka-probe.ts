import type { Admin } from 'kafkajs';
import { atMost } from '../at-most';
import type { Log } from '../log';
import { connectKafka, type KafkaSettings } from './connection';

/** Milliseconds. */
const CLOSE_LIMIT = 200;

/** Asks the broker for a sign of life, for health checks. */
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
    // Otherwise it waits for what a silent broker has not answered.
    await atMost(CLOSE_LIMIT, this.admin.disconnect());
  }
}
