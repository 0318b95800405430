import type { ClientConfig } from 'pg';
import type { EventsTable } from '../append/events-table.sql';
import type { Log } from '../log';
import type { OpenPublisher, OutgoingMessage } from './event-publisher';
import type { PaceOptions } from './send-pace';

export interface RelayOptions {
  /** The database with the events; the relay opens its own connection. */
  database: ClientConfig;
  topic: string;
  /** The table of the topic's events; `events` if undefined. */
  table?: EventsTable;
  openPublisher: OpenPublisher;
  log: Log;
  /** Called after each send. */
  onSent?(topic: string, events: number): void;
  /** Called before each send, and may change headers. The result is called after it, with the error if it failed. */
  onSending?(topic: string, messages: readonly OutgoingMessage[]): ((error?: unknown) => void) | undefined;
  /** Maximum events in one send. */
  batchSize?: number;
  pace?: PaceOptions;
  /** Milliseconds between checks for events of other instances that have not notified this one. */
  pollInterval?: number;
  /** Milliseconds between attempts to become the leader. */
  standbyInterval?: number;
}
