import { OperatorError, say } from './console.ts';

const stop = new AbortController();
const exitCodes: Record<string, number> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
let stoppedBy = 'SIGTERM';

function requestStop(signal: string): void {
  if (stop.signal.aborted) return;
  stoppedBy = signal;
  stop.abort(new OperatorError('Stopped.'));
}

// Ctrl-C arrives several times (terminal, npm, bootstrap); only the first one counts, the others change nothing.
for (const signal of Object.keys(exitCodes)) process.on(signal, () => requestStop(signal));
process.on('disconnect', () => requestStop('SIGTERM'));
process.channel?.unref();

/** Runs a command of this room: its signal aborts when the command is asked to stop; it resolves with an exit code. */
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
