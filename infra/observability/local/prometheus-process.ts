import { join } from 'node:path';
import type { ProcessSpec } from '../../process/supervised-process.ts';
import { httpAnswers } from '../../servers/probes.ts';

export interface PrometheusServer {
  /** Has its configuration, and gets its data. */
  readonly folder: string;
  readonly port: number;
  readonly logFile: string;
}

export const prometheusProcess = ({ folder, port, logFile }: PrometheusServer): ProcessSpec => ({
  name: 'prometheus',
  command: 'prometheus',
  args: [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'metrics')}`,
    '--storage.tsdb.retention.time=7d',
    `--web.listen-address=127.0.0.1:${port}`,
  ],
  cwd: folder,
  logFile,
  stopSignal: 'SIGTERM',
  graceMs: 10_000,
  probe: () => httpAnswers(port, '/-/ready'),
});
