import type { GatewayAnswer } from '../traffic/gateway.ts';

/** What to call an answer that is an error, e.g. `503 SERVICE_UNAVAILABLE`; undefined for a good one. */
export function errorOf({ status, body }: GatewayAnswer): string | undefined {
  if (status < 400) return undefined;
  try {
    return `${status} ${JSON.parse(body).code}`;
  } catch {
    return String(status);
  }
}

/** What to call a request that got no answer, e.g. `ECONNRESET`. */
export const lossOf = (error: Error & { code?: string }): string => error.code ?? error.name;
