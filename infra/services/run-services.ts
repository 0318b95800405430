import { step } from '../console.ts';
import { SupervisedProcess } from '../process/supervised-process.ts';
import { type ServiceName, serviceNames } from '../settings.ts';
import { type System, serviceProcess } from './service-process.ts';

const READY_MS = 60_000;

export interface RunningServices {
  /** Restarts services that die. */
  keepRunning(): void;
  stop(): Promise<void>;
}

/** Starts the four services and resolves when all are ready. Each service waits for its own dependencies. */
export async function runServices(system: System, signal: AbortSignal): Promise<RunningServices> {
  const running = serviceNames.map((name) => ({ name, process: new SupervisedProcess(serviceProcess(name, system)) }));

  // Stop the gateway first, so that no requests reach services that are stopping.
  const stop = async () => {
    const stopThose = (which: (name: ServiceName) => boolean) =>
      Promise.all(running.filter(({ name }) => which(name)).map(({ process }) => process.stop()));
    await stopThose((name) => name === 'gateway');
    await stopThose((name) => name !== 'gateway');
  };

  const failed = new AbortController();
  const startUp = AbortSignal.any([signal, failed.signal]);
  try {
    await step(`Starting ${serviceNames.join(', ')}`, async () => {
      for (const { process } of running) process.start();
      await Promise.all(running.map(({ process }) => process.ready(READY_MS, startUp)));
    });
  } catch (error) {
    failed.abort();
    await stop();
    throw error;
  }
  return {
    stop,
    keepRunning: () => {
      for (const { process } of running) void process.keepRunning();
    },
  };
}
