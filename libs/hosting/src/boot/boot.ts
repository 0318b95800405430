import { setSourceMapsSupport } from 'node:module';
import { StartingHealth } from './starting-health';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface Starting {
  readonly service: string;
  /** Removes the boot's signal handlers; from now on the service shuts down gracefully by itself. */
  handOverSignals(): void;
}

/**
 * Runs a service's start. Until the service takes over, a signal ends the process at once. This needs a handler:
 * process 1 of a container ignores signals that have none. Call this before loading anything else; `start` loads the
 * rest. A failed start is logged in one line and ends the process.
 */
export function boot(service: string, start: (starting: Starting) => Promise<void>): void {
  const end = (signal: NodeJS.Signals) =>
    logAndExit({ level: 30, service, msg: `${service} received ${signal} before it was up; exiting` }, 0);
  for (const signal of SIGNALS) process.on(signal, end);
  // For stack traces that name lines of the sources. Reading the maps of npm packages too takes a fifth of the loading.
  setSourceMapsSupport(true, { nodeModules: false });
  const handOverSignals = () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  withTraces(service, () => start({ service, handOverSignals })).catch((error: Error) => {
    const msg = `${service} did not start: ${error.message}`;
    logAndExit({ level: 60, service, stack: error.stack, msg }, 1);
  });
}

/** Loading the SDK takes time and memory, so it is loaded only where it is used. */
async function withTraces(service: string, start: () => Promise<void>): Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: disabled } = process.env;
  if (endpoint && disabled !== 'true') (await import('../traces/export-traces.js')).exportTraces(service);
  await start();
}

/** As {@link boot}, for a service whose start may take long: health checks are answered from the beginning. */
export function bootWithHealth(
  service: string,
  start: (starting: Starting, health: StartingHealth) => Promise<void>,
): void {
  boot(service, async (starting) => {
    const health = new StartingHealth();
    // The settings are not loaded yet; they report an invalid port later.
    const { HOST: host = '', HTTP_PORT: port = '' } = process.env;
    if (isPort(Number(port))) await health.listen(host || '127.0.0.1', Number(port));
    await start(starting, health);
  });
}

const isPort = (port: number) => Number.isInteger(port) && port > 0 && port < 65_536;

/** Writes a line in the log's format, since the logger may not exist yet, and ends the process. */
function logAndExit(fields: { level: number; service: string; stack?: string | undefined; msg: string }, code: number) {
  const { level, ...rest } = fields;
  const line = JSON.stringify({ level, time: new Date().toISOString(), ...rest });
  process.stdout.write(`${line}\n`, () => process.exit(code));
}
