import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { System } from '../harness/system';

const ROOT = join(__dirname, '../..');

/** Runs `npm run generate` against a test system. */
export class GenerateCommand {
  /** Its output so far. */
  output = '';
  readonly exitCode: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(system: System, dataFolder: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [join(ROOT, 'test/world/generate.ts'), ...args], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        GATEWAY_PORT: new URL(system.address()).port,
        SOCIAL_GRAPH_DATABASE_URL: system.databases['social-graph'],
        ACTIVITY_DATABASE_URL: system.databases.activity,
        FEED_DATABASE_URL: system.databases.feed,
        DATA_DIR: dataFolder,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    this.child.stdout?.on('data', collect);
    this.child.stderr?.on('data', collect);
    this.exitCode = once(this.child, 'exit').then(([code]) => code as number | null);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
