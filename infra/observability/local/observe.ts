import { join } from 'node:path';
import { OperatorError, step } from '../../console.ts';
import { dockerObstacle } from '../../docker/engine.ts';
import { removeObservers, runObservers } from '../../docker/observe-containers.ts';
import { canRun } from '../../local/java.ts';
import type { NamedPort } from '../../process/ports.ts';
import { SupervisedProcess } from '../../process/supervised-process.ts';
import type { InfraSettings, ServiceSettings } from '../../settings.ts';
import type { ObserveSettings } from './observe-settings.ts';
import type { Observer } from './observer.ts';
import { prometheusProcess } from './prometheus-process.ts';
import { writeConfig } from './write-config.ts';

const READY_MS = 30_000;

export interface ObserveWay {
  /** Ports that must be free. */
  readonly ports: readonly NamedPort[];
  start(services: ServiceSettings, signal: AbortSignal): Promise<Observer>;
}

/** Chooses containers if Docker's engine answers, and Prometheus alone otherwise. Throws if there is neither. */
export async function chooseObserveWay(
  infra: InfraSettings,
  settings: ObserveSettings,
  signal: AbortSignal,
): Promise<ObserveWay> {
  const obstacle = infra.choice === 'local' ? 'INFRA=local' : await dockerObstacle(signal);
  if (!obstacle) {
    // Of a start that was killed: they would have the ports.
    await removeObservers(infra);
    return {
      ports: Object.values(settings),
      start: (services, signal) => runObservers(infra, settings, writeConfig(infra, services), signal),
    };
  }
  if (!(await canRun('prometheus'))) {
    throw new OperatorError(
      `Cannot observe the system: ${obstacle}, and the command prometheus is not installed. Choose one:
  - install and start Docker with Docker Compose, for Prometheus, Grafana and traces;
  - install Prometheus (Debian: prometheus), for metrics and alerts;
  - start without --observe.`,
    );
  }
  return {
    ports: [settings.prometheus],
    start: (services, signal) => runPrometheus(infra, settings, writeConfig(infra, services), signal),
  };
}

async function runPrometheus(
  { dataFolder }: InfraSettings,
  { prometheus }: ObserveSettings,
  folder: string,
  signal: AbortSignal,
): Promise<Observer> {
  const logFile = join(dataFolder, 'logs', 'prometheus.log');
  const process = new SupervisedProcess(prometheusProcess({ folder, port: prometheus.port, logFile }));
  const stop = () => process.stop();
  try {
    await step('Starting prometheus', async () => {
      process.start();
      await process.ready(READY_MS, signal);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  void process.keepRunning();
  return { addresses: { Metrics: `http://127.0.0.1:${prometheus.port}` }, stop };
}
