import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError, say } from '../console.ts';
import { restartDelayMs } from './backoff.ts';
import { killGroup } from './kill-group.ts';
import { beginLog, logTail, shownPath } from './log-file.ts';
import { tied } from './tied.ts';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly logFile: string;
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  readonly graceMs: number;
  /** Resolves with whether the process is ready. */
  readonly probe: () => Promise<boolean>;
  /** Receives every line that is written to the log. Without it, the process writes to the log file directly. */
  readonly onLine?: (line: string) => void;
}

const SOON_MS = 10_000;
const BACK_MS = 60_000;

/** A server or service process that can be restarted whenever it dies, until it is stopped. */
export class SupervisedProcess {
  readonly spec: ProcessSpec;
  private child: ChildProcess | undefined;
  private ended: Promise<string> = Promise.resolve('was not started');
  private startedAt = 0;
  private readonly stopping = new AbortController();

  constructor(spec: ProcessSpec) {
    this.spec = spec;
  }

  /** The process's id, once started. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    beginLog(this.spec.logFile);
    this.spawn();
  }

  /** Waits for the probe. Throws with the end of the log if the process ends first or `limitMs` is over. */
  async ready(limitMs: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + limitMs;
    const ended = this.ended.then((how) => ({ how }));
    while (!(await this.spec.probe())) {
      const end = await Promise.race([ended, sleep(100, undefined, { signal })]);
      if (end) throw this.failure(`${this.spec.name} ${end.how} before it was ready.`);
      if (performance.now() > deadline) {
        throw this.failure(`${this.spec.name} was not ready within ${limitMs / 1000} s.`);
      }
    }
  }

  /** Restarts the process whenever it dies, until `stop`. */
  async keepRunning(): Promise<void> {
    let deathsInARow = 0;
    while (!this.stopping.signal.aborted) {
      const how = await this.ended;
      if (this.stopping.signal.aborted) return;
      deathsInARow = performance.now() - this.startedAt < SOON_MS ? deathsInARow + 1 : 0;
      const delay = restartDelayMs(deathsInARow);
      say(`! ${this.spec.name} ${how}; restarting in ${delay / 1000} s (log: ${shownPath(this.spec.logFile)})`);
      await sleep(delay, undefined, { signal: this.stopping.signal }).catch(() => {});
      if (this.stopping.signal.aborted) return;
      this.spawn();
      void this.sayWhenReady();
    }
  }

  private async sayWhenReady(): Promise<void> {
    await this.ready(BACK_MS, this.stopping.signal).then(
      () => say(`✓ ${this.spec.name} is ready again (${((performance.now() - this.startedAt) / 1000).toFixed(1)} s)`),
      // If it dies again, keepRunning reports that.
      () => {},
    );
  }

  /** Resolves when the process ends by itself, never after `stop`. */
  async died(): Promise<string> {
    const how = await this.ended;
    return this.stopping.signal.aborted ? new Promise<string>(() => {}) : how;
  }

  /** Asks the process to end. Kills its process group after `graceMs`. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const child = this.child;
    if (!child) return;
    child.kill(this.spec.stopSignal);
    const overdue = setTimeout(() => {
      say(`! ${this.spec.name} did not stop within ${this.spec.graceMs / 1000} s; killing it`);
      killGroup(child, 'SIGKILL');
    }, this.spec.graceMs);
    await this.ended;
    clearTimeout(overdue);
  }

  private failure(reason: string): OperatorError {
    return new OperatorError(`${reason}\n${logTail(this.spec.logFile)}`);
  }

  private spawn(): void {
    const { command, args, env, cwd, uid, gid, stopSignal, logFile, onLine } = this.spec;
    const [program, programArgs] = tied(stopSignal, command, args);
    const log = onLine ? 'pipe' : openSync(logFile, 'a');
    const child = spawn(program, programArgs, { detached: true, stdio: ['ignore', log, log], env, cwd, uid, gid });
    if (typeof log === 'number') closeSync(log);
    else this.pipeLines(child, onLine);
    this.child = child;
    this.startedAt = performance.now();
    this.ended = new Promise((resolve) => {
      child.on('error', (error) => resolve(`could not be started (${error.message})`));
      child.on('close', (code, signal) => resolve(signal ? `was killed by ${signal}` : `exited with code ${code}`));
    });
  }

  /** Writes synchronously, so that the log is complete when the process has ended. */
  private pipeLines(child: ChildProcess, onLine: ((line: string) => void) | undefined): void {
    const log = openSync(this.spec.logFile, 'a');
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        writeSync(log, `${line}\n`);
        onLine?.(line);
      });
    }
    child.on('close', () => closeSync(log));
  }
}
