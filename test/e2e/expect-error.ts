import { ERRORS, type ErrorCode } from '@activity-feed/contracts';
import { type ApiAnswer, request } from '../harness/api-client';

export const JSON_TYPE = { 'content-type': 'application/json' };

/** Posts the raw `body` as ivan. */
export function postBytes(
  address: string,
  body: string | Buffer,
  headers: Record<string, string> = JSON_TYPE,
  path = '/post',
): Promise<ApiAnswer> {
  return request(address, path, {
    method: 'POST',
    body: body as RequestInit['body'],
    headers: { 'x-app-key': 'abc123', ...headers },
  });
}

export function expectError({ status, body, headers }: ApiAnswer, expected: number, code: ErrorCode): void {
  expect({ status, body }).toEqual({ status: expected, body: { error: true, code, message: ERRORS[code].text } });
  expect(headers.get('x-request-id')).toBeTruthy();
}
