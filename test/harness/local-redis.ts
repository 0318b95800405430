import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '../../infra/local/install.ts';
import { redisProcess } from '../../infra/local/redis.ts';
import { SupervisedProcess } from '../../infra/process/supervised-process.ts';
import { freePorts } from './free-ports';

const READY_MS = 30_000;

/** A separate Redis that a test may disturb. Only possible if the test servers are local processes. */
export class LocalRedis {
  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly server: SupervisedProcess,
  ) {}

  static async start(): Promise<LocalRedis> {
    const { signal } = new AbortController();
    const folder = mkdtempSync(join(tmpdir(), 'redis-'));
    const [port] = (await freePorts(1)) as [number];
    const { redisServer: program } = await install(['redis'], signal);
    const server = new SupervisedProcess(redisProcess({ program, folder, port, logFile: join(folder, 'redis.log') }));
    const redis = new LocalRedis(`redis://127.0.0.1:${port}`, folder, server);
    server.start();
    try {
      await server.ready(READY_MS, signal);
    } catch (error) {
      await redis.stop();
      throw error;
    }
    return redis;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
