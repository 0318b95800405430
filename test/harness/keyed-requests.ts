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

export interface KeyedAnswer extends ApiAnswer {
  /** Whether the request was refused at first, and may have been carried out nevertheless. */
  retried: boolean;
}

/** The same, again while a busy service refuses it. */
export async function keyed(api: ApiClient, wanted: KeyedRequest, key: string): Promise<KeyedAnswer> {
  let attempts = 0;
  const answer = await untilCarriedOut(() => {
    attempts++;
    return sendKeyed(api, wanted, key);
  });
  return { ...answer, retried: attempts > 1 };
}

export const isReplayed = ({ headers }: ApiAnswer): boolean => headers.get('idempotent-replayed') === 'true';

/** Whether the request may have been carried out for this answer. */
export const isFirst = (answer: KeyedAnswer): boolean => answer.retried || !isReplayed(answer);
