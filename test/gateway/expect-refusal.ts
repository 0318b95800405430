import { ERRORS, type ErrorCode } from '@activity-feed/contracts';
import type { RawAnswer } from './lone-gateway';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Fails unless `answer` is an error of the catalogue, whole and findable. */
export function expectRefusal(answer: RawAnswer | undefined, status: number, code: ErrorCode, reason?: string): void {
  expect({ status: answer?.status, body: answer?.body }).toEqual({
    status,
    body: { error: true, code, message: ERRORS[code].text, ...(reason && { reason }) },
  });
  expect(answer?.headers['x-request-id']).toMatch(UUID);
  expect(answer?.headers['content-type']).toMatch(/^application\/json/);
}
