import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { debianServersFolder } from '../../../infra/local/debian/servers.ts';
import { infraSettings } from '../../../infra/settings.ts';
import type { Benchmark } from '../benchmark.ts';
import { startedByNpm } from '../measure/started-by-npm.ts';

const root = resolve(import.meta.dirname, '../../..');

/**
 * `npm start` until the first correct response, with everything installed, built and the databases created. Only with
 * local server processes: containers would have the names of a system that may be running.
 */
export const start: Benchmark = {
  name: 'start',
  async run({ sizes: { rounds, warmStart }, signal }) {
    if (!existsSync(debianServersFolder())) return [];
    const folder = join(infraSettings(root, process.env, 'start').dataFolder, 'bench-start');
    const once = async () => {
      const { seconds, stop } = await startedByNpm(root, folder, signal);
      await stop();
      return seconds;
    };
    const ours: number[] = [];
    try {
      if (warmStart) await once();
      for (let round = 0; round < rounds; round++) ours.push(await once());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return [{ name: warmStart ? 'npm start, warm' : 'npm start, without databases', unit: 's', ours }];
  },
};
