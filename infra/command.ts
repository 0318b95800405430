import { OperatorError, say } from './console.ts';

const stop = new AbortController();
const exitCodes: Record<string, number> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
let stoppedBy = 'SIGTERM';

function requestStop(signal: string): void {
  if (stop.signal.aborted) return;
  stoppedBy = signal;
  stop.abort(new OperatorError('Stopped.'));
}

// Ctrl-C arrives several times (from the terminal, npm and bootstrap). Only the first signal counts.
for (const signal of Object.keys(exitCodes)) process.on(signal, () => requestStop(signal));
process.on('disconnect', () => requestStop('SIGTERM'));
process.channel?.unref();

/** Runs a command and exits with the code it returns. The command's signal aborts when the process is asked to stop. */
export async function runCommand(main: (stopRequested: AbortSignal) => Promise<number>): Promise<void> {
  let code: number;
  try {
    code = await main(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) code = exitCodes[stoppedBy] ?? 1;
    else {
      say(error instanceof OperatorError ? `\n${error.message}` : `\n${(error as Error).stack}`);
      code = 1;
    }
  }
  process.exit(code);
}
