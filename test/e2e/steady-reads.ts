import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../harness/api-client';
import { eventually } from '../harness/eventually';

const LANES = 4;
/** Milliseconds between two reads of a lane, which leave the machine to others. */
const PACE = 5;

export interface Read {
  /** By `performance.now()`. */
  begun: number;
  /** Milliseconds. */
  took: number;
  status: number;
}

/** Reads a user's feed over and over from several lanes until it is stopped, and keeps how each read went. */
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

  /** Waits until `count` more reads have ended. */
  async more(count: number): Promise<void> {
    const wanted = this.all.length + count;
    await eventually(`${count} more reads`, () => this.all.length >= wanted);
  }

  /** Waits until a read has ended that began after `time`. */
  async until(time: number): Promise<void> {
    await eventually('a read begun later', () => this.all.some(({ begun }) => begun > time));
  }

  /** Resolves when the last read has ended. */
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
