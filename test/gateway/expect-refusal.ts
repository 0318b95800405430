import { ERRORS, type ErrorCode } from '@activity-feed/contracts';
import type { RawAnswer } from './lone-gateway';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Expects `answer` to be a complete API error with a request id. */
export function expectRefusal(answer: RawAnswer | undefined, status: number, code: ErrorCode, reason?: string): void {
  expect({ status: answer?.status, body: answer?.body }).toEqual({
    status,
    body: { error: true, code, message: ERRORS[code].text, ...(reason && { reason }) },
  });
  expect(answer?.headers['x-request-id']).toMatch(UUID);
  expect(answer?.headers['content-type']).toMatch(/^application\/json/);
}
