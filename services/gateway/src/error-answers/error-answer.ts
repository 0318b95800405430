import { ERRORS, type ErrorCode } from '@activity-feed/contracts';
import { z } from 'zod';

/** The body of every error answer. */
export const ErrorAnswer = z.object({
  error: z.literal(true),
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  reason: z.string().optional().describe('With code BAD_REQUEST, if known: what the request must change'),
  request_id: z.string().optional().describe('With code INTERNAL: the id to search for in the log'),
});
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;

export const errorAnswer = (code: ErrorCode, requestId?: string, reason?: string): ErrorAnswer => ({
  error: true,
  code,
  message: ERRORS[code].text,
  ...(reason && { reason }),
  ...(code === 'INTERNAL' && requestId && { request_id: requestId }),
});
