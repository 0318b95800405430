import { type Dispatcher, Pool } from 'undici';
import { loopbackOrigin } from '../loopback.ts';

export interface GatewayRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly body: string;
}

const LONGEST_WAIT = 10_000;

/**
 * An HTTP client for a gateway on this machine. Opens connections as needed, at most `most`; other requests wait for a
 * free one.
 */
export class Gateway {
  private readonly pool: Pool;

  constructor(url: string, most: number) {
    this.pool = new Pool(loopbackOrigin(url), {
      connections: most,
      headersTimeout: LONGEST_WAIT,
      bodyTimeout: LONGEST_WAIT,
    });
  }

  /** Rejects after `patience` milliseconds (default 10 s) and then closes the connection if the request was sent. */
  async send({ method, path, headers, body }: GatewayRequest, patience?: number): Promise<GatewayAnswer> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const answer = new WholeAnswer(resolve, reject);
        if (patience !== undefined) timer = setTimeout(() => answer.giveUp(), patience);
        this.pool.dispatch({ method, path, headers, body }, answer);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  /** Closes all connections. Pending requests fail. */
  cut(): Promise<void> {
    return this.pool.destroy();
  }
}

/** Collects a response in a third of the CPU time of undici's `request`, since both share the measured machine. */
class WholeAnswer implements Dispatcher.DispatchHandler {
  private status = 0;
  private readonly chunks: Buffer[] = [];
  private readonly resolve: (answer: GatewayAnswer) => void;
  private readonly reject: (error: Error) => void;
  private controller: Dispatcher.DispatchController | undefined;
  private gaveUp: Error | undefined;

  constructor(resolve: (answer: GatewayAnswer) => void, reject: (error: Error) => void) {
    this.resolve = resolve;
    this.reject = reject;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // Timed out while it waited for a connection: do not send it.
    if (this.gaveUp) controller.abort(this.gaveUp);
  }

  giveUp(): void {
    this.gaveUp = new Error('no response in time');
    this.controller?.abort(this.gaveUp);
    this.reject(this.gaveUp);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.resolve({ status: this.status, body: Buffer.concat(this.chunks).toString() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.reject(error);
  }
}
