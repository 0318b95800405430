import { setTimeout as pause } from 'node:timers/promises';
import { advisoryLock, type Milliseconds } from '@activity-feed/contracts';
import { CONNECT_LIMITS } from '@activity-feed/eventing';
import { giveUpLate, type Logger } from '@activity-feed/hosting';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { AGGREGATES } from '../aggregates/aggregate';
import { type Edition, readEdition } from '../aggregates/edition';
import { completeNotes } from '../aggregates/late-activities';
import { isLockTimeout, limitLockWaits } from '../aggregates/lock-timeout';
import { MoveActivities } from '../hide-activities/move-activities';
import { Refresher } from '../refresh-aggregates/refresher';
import { ApplyRetention } from '../retain-activities/apply-retention';
import { setCompressionPolicy } from '../retain-activities/set-compression-policy';
import { ViewMaintainer } from './view-maintainer';

/** Milliseconds between turns, and after a failure. */
const INTERVAL = 1_000;
const RETRY = 5_000;
/** Milliseconds between looks for deleted and restored objects, and while transactions from before the change are open. */
const LOOK = 200;
const AGAIN = 50;

const LEADER_LOCK = `SELECT pg_try_advisory_lock(${advisoryLock('refresher')}) AS leading`;

/** If the leader hangs, the server ends its idle session, and another instance takes over. */
const END_WHEN_FROZEN = "SET idle_session_timeout = '30s'; SET idle_in_transaction_session_timeout = '30s'";

export interface RefreshOptions {
  connectionString: string;
  log: Logger;
  /** The time for which activities are kept; undefined: for ever. */
  retention: Milliseconds | undefined;
  /** SQL interval after which chunks are compressed; undefined: never. */
  compressAfter: string | undefined;
  onRefreshed(): Promise<unknown>;
}

/**
 * Maintains the aggregates from the service's start to its stop, on a connection of its own: a refresh cannot run in a
 * transaction and may take minutes.
 */
export class MaintenanceProcess implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private client: Client | undefined;

  constructor(private readonly options: RefreshOptions) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Does not wait beyond the time limit: the database completes or rolls back a running refresh. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const refresher = Promise.all([this.client?.end().catch(() => undefined), this.running]);
    await giveUpLate('release', { refresher }, this.options.log);
  }

  private async run(): Promise<void> {
    const { log } = this.options;
    while (!this.stopped) {
      try {
        await this.lead();
      } catch (error) {
        if (this.stopped) return;
        // The lock of another refresh (by a policy or by hand) or of a long transaction.
        if (isLockTimeout(error)) log.info({ err: error }, 'maintenance of the aggregates blocked by a lock; retrying');
        else log.warn({ err: error }, 'maintenance of the aggregates failed; retrying');
        await this.wait(RETRY);
      }
    }
  }

  private async lead(): Promise<void> {
    const { connectionString } = this.options;
    const client = new Client({ connectionString, ...CONNECT_LIMITS });
    this.client = client;
    // The next statement fails on a lost connection.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await limitLockWaits(client);
      await client.query(END_WHEN_FROZEN);
      if (await this.becomeLeader(client)) await this.refresh(client, await readEdition(client));
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async becomeLeader(client: Client): Promise<boolean> {
    for (; !this.stopped; await this.wait(INTERVAL)) {
      const { rows } = await client.query<{ leading: boolean }>(LEADER_LOCK);
      if (rows[0]?.leading) return true;
    }
    return false;
  }

  private async refresh(client: Client, edition: Edition): Promise<void> {
    const { log, retention, compressAfter, onRefreshed } = this.options;
    const now = () => Date.now();
    const community = edition === 'community';
    const refresher = community ? new Refresher(client, { aggregates: AGGREGATES, log, now, onRefreshed }) : undefined;
    const maintainer = refresher ?? new ViewMaintainer(client, { now, onRefreshed });
    const drop = retention === undefined ? undefined : new ApplyRetention(client, { retention, refresher, log, now });
    const mover = new MoveActivities(client, now);
    await completeNotes(client);
    if (community) await setCompressionPolicy(client, compressAfter);
    while (!this.stopped) {
      const done = await maintainer.turn();
      await drop?.turn();
      await this.move(mover, done ? INTERVAL : 0);
    }
  }

  /** Moves activities until `time` milliseconds have passed, at least once. */
  private async move(mover: MoveActivities, time: number): Promise<void> {
    const end = performance.now() + time;
    for (;;) {
      const pause = (await mover.turn()) ? LOOK : AGAIN;
      const left = end - performance.now();
      if (this.stopped || left <= 0) return;
      await this.wait(Math.min(pause, left));
    }
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async wait(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
