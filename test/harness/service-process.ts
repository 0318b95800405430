import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tied } from '../../infra/process/tied.ts';
import { nodeFlags } from '../../infra/services/node-flags.ts';
import { eventually } from './eventually';

const ROOT = join(__dirname, '../..');

/** Services start hundreds of times in a run. Coverage is less precise of what comes bundled or compiled. */
const [PROGRAM, COMPILED] = process.env.NODE_V8_COVERAGE
  ? ['dist/main.js', {}]
  : ['bundle/main.mjs', { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') }];

export type ServiceName = 'gateway' | 'social-graph' | 'activity' | 'feed';

/** A built service as a separate process, as in production. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  /** Its log so far, as lines of JSON. */
  output = '';

  constructor(
    readonly name: ServiceName,
    private readonly environment: Record<string, string>,
  ) {}

  get httpPort(): string {
    return this.environment.HTTP_PORT as string;
  }

  /** Where its metrics are: the gateway has a port for them. */
  get metricsUrl(): string {
    return `http://127.0.0.1:${this.environment.METRICS_PORT ?? this.httpPort}/metrics`;
  }

  get rpcAddress(): string {
    return `127.0.0.1:${this.environment.RPC_PORT}`;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child?.pid as number;
  }

  /** Another process of the same service, not started. `environment` overrides this one's. */
  with(environment: Record<string, string>): ServiceProcess {
    return new ServiceProcess(this.name, { ...this.environment, ...environment });
  }

  /** Starts the process without waiting until it is ready. */
  launch(): ChildProcess {
    const program = join(ROOT, 'services', this.name, PROGRAM);
    // Ends with this process, however that ends.
    const [command, args] = tied('SIGKILL', process.execPath, [...nodeFlags(this.name), program]);
    const child = spawn(command, args, {
      env: { ...process.env, NODE_OPTIONS: '', ...COMPILED, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    return child;
  }

  /**
   * Starts the process and waits until it is ready with all dependencies. `degraded` accepts degraded readiness too,
   * `live` waits only for liveness.
   */
  async start(until: 'ready' | 'degraded' | 'live' = 'ready'): Promise<void> {
    const child = this.launch();
    await eventually(
      `${this.name} is ${until}`,
      async () => {
        if (child.exitCode !== null) return true;
        const path = until === 'live' ? 'live' : 'ready';
        const answer = await fetch(`http://127.0.0.1:${this.httpPort}/health/${path}`);
        const health = (await answer.json()) as { status: string };
        if (answer.ok && (until !== 'ready' || health.status === 'ready')) return true;
        throw new Error(`it says ${JSON.stringify(health)}`);
      },
      { within: 100_000 },
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output}`, { cause: error.cause });
    });
    if (child.exitCode !== null) throw new Error(`${this.name} exited at its start:\n${this.output}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Sends `signal` and waits for the exit. Returns the exit code, or null if the signal killed the process. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const { child } = this;
    if (!child || !this.running) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
}
