import { type ApiAnswer, type ApiClient, request, untilCarriedOut } from './api-client';

export interface KeyedRequest {
  method?: string;
  path: string;
  /** A text is sent as it stands. */
  body?: object | string | undefined;
}

/** Sends a request of a user with an idempotency key. */
export function sendKeyed(api: ApiClient, { method = 'POST', path, body }: KeyedRequest, key: string) {
  const type = body === undefined ? undefined : { 'content-type': 'application/json' };
  const headers = { 'x-app-key': api.key, 'idempotency-key': key, ...type };
  const text = typeof body === 'object' ? JSON.stringify(body) : (body ?? null);
  return request(api.address, path, { method, headers, body: text });
}

/** The same, again while a busy service refuses it. */
export const keyed = (api: ApiClient, wanted: KeyedRequest, key: string): Promise<ApiAnswer> =>
  untilCarriedOut(() => sendKeyed(api, wanted, key));

export const isReplayed = ({ headers }: ApiAnswer): boolean => headers.get('idempotent-replayed') === 'true';
