import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tied } from '../../infra/process/tied.ts';
import { kafkaAnswers } from '../../infra/servers/probes.ts';
import { eventually } from './eventually';
import { freePorts } from './free-ports';

const PREPARE = join(__dirname, '../../infra/local/kafka/prepare-broker.ts');
/** Milliseconds until a started broker must answer. */
const START_LIMIT = 90_000;

/** A separate broker that a test may kill. Only possible if the test servers are local processes. */
export class LocalBroker {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly how: { command: string; args: string[]; cwd: string },
  ) {}

  static async open(): Promise<LocalBroker> {
    const [port, controllerPort] = (await freePorts(2)) as [number, number];
    const folder = mkdtempSync(join(tmpdir(), 'broker-'));
    const output = execFileSync(process.execPath, [PREPARE, folder, String(port), String(controllerPort)], {
      env: { ...process.env, NODE_OPTIONS: '' },
      encoding: 'utf8',
    });
    const broker = new LocalBroker(port, folder, JSON.parse(output.trim().split('\n').at(-1) as string));
    await broker.start();
    return broker;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Resolves when the broker answers. */
  async start(): Promise<void> {
    const log = openSync(join(this.folder, 'kafka.log'), 'a');
    const { cwd } = this.how;
    const [command, args] = tied('SIGKILL', this.how.command, this.how.args);
    this.child = spawn(command, args, { cwd, stdio: ['ignore', log, log] });
    closeSync(log);
    await eventually('the broker answers', () => kafkaAnswers(this.port), { within: START_LIMIT });
  }

  /** Kills the broker with SIGKILL. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Stops the process with SIGSTOP: connections stay open, but nothing is answered until `thaw`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
