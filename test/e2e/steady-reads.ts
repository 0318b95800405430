import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';

const LANES = 4;
/** Pause in milliseconds between two reads of a lane, so that reads do not saturate the machine. */
const PACE = 5;

export interface Read {
  /** As `performance.now()`. */
  begun: number;
  /** Milliseconds. */
  took: number;
  status: number;
}

/** Reads a user's feed continuously in several lanes until stopped, and records every read. */
export class SteadyReads {
  readonly all: Read[] = [];
  private readonly lanes: Promise<void>[];
  private stopped = false;

  constructor(
    private readonly user: ApiClient,
    private readonly path = '/feed/my',
    lanes = LANES,
  ) {
    this.lanes = Array.from({ length: lanes }, () => this.run());
  }

  get failed(): Read[] {
    return this.all.filter(({ status }) => status !== 200);
  }

  /** Waits until `count` more reads have completed. */
  async more(count: number): Promise<void> {
    const wanted = this.all.length + count;
    await eventually(`${count} more reads`, () => this.all.length >= wanted);
  }

  /** Waits until a read that began after `time` has completed. */
  async until(time: number): Promise<void> {
    await eventually('a read begun later', () => this.all.some(({ begun }) => begun > time));
  }

  /** Stops and waits for pending reads. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.lanes);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const begun = performance.now();
      const { status } = await this.user.get(this.path);
      this.all.push({ begun, took: performance.now() - begun, status });
      await pause(PACE);
    }
  }
}
