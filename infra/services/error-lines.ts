import { say } from '../console.ts';

const ERROR = 50;
const QUIET_MS = 10_000;

/** The message of a JSON log line if its level is error or fatal, otherwise undefined. */
export function errorMessage(line: string): string | undefined {
  // Most lines are not errors; skip parsing them.
  if (!/"level":[5-9]\d/.test(line)) return undefined;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if (typeof level !== 'number' || level < ERROR) return undefined;
    const messages = [msg, err?.message].filter((text) => text);
    return [...new Set(messages)].join(': ') || 'an error without a message';
  } catch {
    return undefined;
  }
}

/** Prints a service's errors to the console, the same message at most every ten seconds. */
export class ErrorLines {
  private readonly service: string;
  private readonly shownAt = new Map<string, number>();

  constructor(service: string) {
    this.service = service;
  }

  show(line: string): void {
    const message = errorMessage(line)?.slice(0, 300);
    if (message === undefined) return;
    const now = performance.now();
    if (now - (this.shownAt.get(message) ?? -QUIET_MS) < QUIET_MS) return;
    if (this.shownAt.size > 100) this.shownAt.clear();
    this.shownAt.set(message, now);
    say(`! ${this.service}: ${message}`);
  }
}
