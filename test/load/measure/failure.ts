import type { GatewayAnswer } from '../traffic/gateway.ts';

/** The name of an error response, e.g. `503 SERVICE_UNAVAILABLE`, or undefined for a successful response. */
export function errorOf({ status, body }: GatewayAnswer): string | undefined {
  if (status < 400) return undefined;
  try {
    return `${status} ${JSON.parse(body).code}`;
  } catch {
    return String(status);
  }
}

/** The name of a failure without a response, e.g. `ECONNRESET`. */
export const lossOf = (error: Error & { code?: string }): string => error.code ?? error.name;
