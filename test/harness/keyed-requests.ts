import { type ApiAnswer, type ApiClient, request, untilCarriedOut } from './api-client';

export interface KeyedRequest {
  method?: string;
  path: string;
  body?: unknown;
}

/** Sends a request of a user with an idempotency key. */
export function sendKeyed(api: ApiClient, { method = 'POST', path, body }: KeyedRequest, key: string) {
  const type = body === undefined ? undefined : { 'content-type': 'application/json' };
  const headers = { 'x-app-key': api.key, 'idempotency-key': key, ...type };
  return request(api.address, path, { method, headers, body: JSON.stringify(body) });
}

/** The same, again while a busy service refuses it. */
export const keyed = (api: ApiClient, wanted: KeyedRequest, key: string): Promise<ApiAnswer> =>
  untilCarriedOut(() => sendKeyed(api, wanted, key));

export const isReplayed = ({ headers }: ApiAnswer): boolean => headers.get('idempotent-replayed') === 'true';
