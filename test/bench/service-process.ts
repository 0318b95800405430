import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tied } from '../../infra/process/tied.ts';
import { nodeFlags } from '../../infra/services/node-flags.ts';
import type { ServiceName } from '../../infra/settings.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN = 120_000;

/** A built service as a separate process, as in production. */
export class ServiceProcess {
  /** Where each process writes a CPU profile when it exits. */
  static profileFolder: string | undefined;
  private child: ChildProcess | undefined;
  private output = '';
  readonly name: ServiceName;
  private readonly environment: Record<string, string>;

  constructor(name: ServiceName, environment: Record<string, string>) {
    this.name = name;
    this.environment = environment;
  }

  /** Another process of the same service, with other settings. */
  with(environment: Record<string, string>): ServiceProcess {
    return new ServiceProcess(this.name, { ...this.environment, ...environment });
  }

  get pid(): number {
    return this.child?.pid as number;
  }

  /** The port for Nest's TCP transport or the link. */
  get rpcPort(): number {
    return Number(this.environment.RPC_PORT);
  }

  /**
   * Resolves when the service and all its dependencies are up, including a loaded index. `more` is additional
   * environment for this start, `within` the limit in milliseconds.
   */
  async start(more: Record<string, string> = {}, within = READY_WITHIN): Promise<void> {
    const program = join(ROOT, 'services', this.name, 'bundle/main.mjs');
    const [command, args] = tied('SIGTERM', process.execPath, [...nodeFlags(this.name), ...this.profiling, program]);
    const env = { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'warn', ...this.environment, ...more };
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.output = (this.output + chunk).slice(-5_000);
      });
    }
    const deadline = performance.now() + within;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`${this.name} did not become ready:\n${this.output}`);
      }
      await pause(50);
    }
  }

  async end(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  private get profiling(): string[] {
    const folder = ServiceProcess.profileFolder;
    return folder
      ? ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${this.name}-${Date.now()}.cpuprofile`]
      : [];
  }

  /** Stricter than the status: a feed that still loads its index is ready, but must not be measured yet. */
  private async isReady(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.environment.HTTP_PORT}/health/ready`).catch(() => undefined);
    if (!answer?.ok) return false;
    const { dependencies } = (await answer.json()) as { dependencies: Record<string, string> };
    return Object.values(dependencies).every((state) => state === 'up');
  }
}
