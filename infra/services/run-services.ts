import { step } from '../console.ts';
import { SupervisedProcess } from '../process/supervised-process.ts';
import { type ServiceName, serviceNames } from '../settings.ts';
import { type System, serviceProcess } from './service-process.ts';

const READY_MS = 60_000;

export interface RunningServices {
  /** Starts every service again that dies. */
  keepRunning(): void;
  stop(): Promise<void>;
}

/** Starts the four services at once, each of which waits for what it needs, and resolves when all are ready. */
export async function runServices(system: System, signal: AbortSignal): Promise<RunningServices> {
  const running = serviceNames.map((name) => ({ name, process: new SupervisedProcess(serviceProcess(name, system)) }));

  // The gateway first: no request reaches services that are about to go.
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
