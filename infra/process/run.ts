import { spawn } from 'node:child_process';
import { OperatorError } from '../console.ts';
import { endGroup } from './kill-group.ts';
import { lastLines } from './log-file.ts';
import { tied } from './tied.ts';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** `inherit` prints the command's output instead of collecting it. */
  readonly output?: 'collect' | 'inherit';
  /** Milliseconds from SIGTERM to SIGKILL when the group is ended. */
  readonly graceMs?: number;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  /** Standard output and standard error, interleaved. */
  readonly output: string;
}

/**
 * Runs a command to its end in its own process group. Ctrl-C does not reach it directly; aborting `signal` ends the
 * whole group, including processes that outlive the command.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  options.signal?.throwIfAborted();
  const [program, programArgs] = tied('SIGTERM', command, args);
  const { cwd, uid, gid, env = process.env, graceMs = 4000 } = options;
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

  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= endGroup(child, graceMs);
  };
  const limit = options.timeoutMs ? setTimeout(end, options.timeoutMs) : undefined;
  options.signal?.addEventListener('abort', end, { once: true });
  const settle = () => {
    clearTimeout(limit);
    options.signal?.removeEventListener('abort', end);
  };
  child.on('error', (error) => {
    settle();
    reject(error);
  });
  child.on('close', async (code) => {
    settle();
    await ending;
    if (options.signal?.aborted) reject(options.signal.reason);
    else resolve({ code: code ?? 1, stdout, output });
  });
  return promise;
}

/** Like `run`, but throws on a non-zero exit code, with the end of the output. Resolves with standard output. */
export async function runOrFail(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, output } = await run(command, args, options);
  if (code === 0) return stdout;
  const shown = output ? `:\n${lastLines(output, 15)}` : '.';
  throw new OperatorError(`${[command, ...args].join(' ').slice(0, 120)} failed with exit code ${code}${shown}`);
}
