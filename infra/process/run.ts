import { spawn } from 'node:child_process';
import { OperatorError } from '../console.ts';
import { killGroup } from './kill-group.ts';
import { lastLines } from './log-file.ts';
import { tied } from './tied.ts';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** `inherit` shows the command's output as it comes instead of collecting it. */
  readonly output?: 'collect' | 'inherit';
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  /** Both streams as they came, for messages. */
  readonly output: string;
}

/**
 * Runs a command to its end, in a process group of its own: Ctrl-C reaches it only through the signal, and then all of
 * its children with it.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  options.signal?.throwIfAborted();
  const [program, programArgs] = tied('SIGTERM', command, args);
  const { cwd, uid, gid, env = process.env } = options;
  const collect = options.output !== 'inherit';
  const stdio = collect ? (['ignore', 'pipe', 'pipe'] as const) : (['ignore', 'inherit', 'inherit'] as const);
  const child = spawn(program, programArgs, { detached: true, stdio: [...stdio], cwd, uid, gid, env });
  let stdout = '';
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });

  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    killGroup(child, 'SIGTERM');
    kill ??= setTimeout(() => killGroup(child, 'SIGKILL'), 4000);
  };
  const limit = options.timeoutMs ? setTimeout(end, options.timeoutMs) : undefined;
  options.signal?.addEventListener('abort', end, { once: true });
  const settle = () => {
    clearTimeout(kill);
    clearTimeout(limit);
    options.signal?.removeEventListener('abort', end);
  };
  child.on('error', (error) => {
    settle();
    reject(error);
  });
  child.on('close', (code) => {
    settle();
    if (options.signal?.aborted) reject(options.signal.reason);
    else resolve({ code: code ?? 1, stdout, output });
  });
  return promise;
}

/** As `run`, but a failure is an error with the end of what the command wrote; resolves with its standard output. */
export async function runOrFail(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, output } = await run(command, args, options);
  if (code === 0) return stdout;
  const shown = output ? `:\n${lastLines(output, 15)}` : '.';
  throw new OperatorError(`${[command, ...args].join(' ').slice(0, 120)} failed with exit code ${code}${shown}`);
}
