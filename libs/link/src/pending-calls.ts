import type { Answer } from './link';
import { LinkError } from './link-error';

interface PendingCall {
  resolve: (answer: Answer) => void;
  reject: (error: LinkError) => void;
  /** By `performance.now()`. */
  expiresAt: number;
}

/** Calls that wait for an answer. One coarse timer serves all deadlines; it runs only while there are calls. */
export class PendingCalls {
  private readonly calls = new Map<number, PendingCall>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** Milliseconds between checks for expired calls. */
    readonly interval: number,
    readonly onTimeout: () => void,
  ) {}

  get size(): number {
    return this.calls.size;
  }

  has(id: number): boolean {
    return this.calls.has(id);
  }

  add(id: number, call: PendingCall): void {
    this.calls.set(id, call);
    // After the socket reads of this turn: if this process was blocked, answers may be waiting in the socket.
    this.timer ??= setInterval(() => setImmediate(() => this.expire()), this.interval).unref();
  }

  /** Removes and returns the call; undefined if it has timed out. */
  take(id: number): PendingCall | undefined {
    const call = this.calls.get(id);
    if (call) this.calls.delete(id);
    return call;
  }

  rejectAll(error: LinkError): void {
    const calls = [...this.calls.values()];
    this.calls.clear();
    for (const call of calls) call.reject(error);
  }

  private expire(): void {
    const now = performance.now();
    let expired = 0;
    for (const [id, call] of this.calls) {
      if (call.expiresAt > now) continue;
      this.calls.delete(id);
      call.reject(new LinkError('TIMEOUT', 'no answer before the deadline'));
      expired++;
    }
    if (expired > 0) this.onTimeout();
    if (this.calls.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
