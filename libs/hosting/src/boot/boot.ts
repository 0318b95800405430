import { StartingHealth } from './starting-health';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The process that a service starts in. */
export interface Starting {
  readonly service: string;
  /** Leaves signals to the service, which from now on has something to finish. */
  handOverSignals(): void;
}

/**
 * Runs a service's start. A signal ends the process at once until the service takes over: process 1 of a container
 * ignores signals that it has no handler for. So this comes first, and `start` loads everything else.
 * A start that fails is reported in one line and ends the process.
 */
export function boot(service: string, start: (starting: Starting) => Promise<void>): void {
  const end = (signal: NodeJS.Signals) =>
    sayLast({ level: 30, service, msg: `${service} received ${signal} before it was up; exiting` }, 0);
  for (const signal of SIGNALS) process.on(signal, end);
  const handOverSignals = () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  start({ service, handOverSignals }).catch((error: Error) => {
    const msg = `${service} did not start: ${error.message}`;
    sayLast({ level: 60, service, stack: error.stack, msg }, 1);
  });
}

/** Likewise, of a service whose start may take long: health answers from the beginning. */
export function bootWithHealth(
  service: string,
  start: (starting: Starting, health: StartingHealth) => Promise<void>,
): void {
  boot(service, async (starting) => {
    const health = new StartingHealth();
    // The settings are not loaded yet. What is wrong with a port, they say.
    const { HOST: host = '', HTTP_PORT: port = '' } = process.env;
    if (isPort(Number(port))) await health.listen(host || '127.0.0.1', Number(port));
    await start(starting, health);
  });
}

const isPort = (port: number) => Number.isInteger(port) && port > 0 && port < 65_536;

/** Writes a line as the log does, which may not be there yet, and ends the process. */
function sayLast(fields: { level: number; service: string; stack?: string | undefined; msg: string }, code: number) {
  const { level, ...rest } = fields;
  const line = JSON.stringify({ level, time: new Date().toISOString(), ...rest });
  process.stdout.write(`${line}\n`, () => process.exit(code));
}
