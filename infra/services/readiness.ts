import { get } from 'node:http';

const ANSWER_MS = 2000;

export interface Readiness {
  readonly status: number;
  /** The body's `status`: ready, degraded or unavailable. */
  readonly says: string | undefined;
}

/**
 * The readiness of the service at `address`, or undefined if it does not answer. Uses node:http because `fetch` refuses
 * ports that the Fetch standard blocks, such as 6000.
 */
export function readinessOf(address: string): Promise<Readiness | undefined> {
  return new Promise((resolve) => {
    const request = get(new URL('/health/ready', address), { agent: false, timeout: ANSWER_MS }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, says: statusIn(body) }));
      answer.on('error', () => resolve(undefined));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
  });
}

function statusIn(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { status?: string }).status;
  } catch {
    return undefined;
  }
}
