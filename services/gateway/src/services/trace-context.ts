import { randomBytes } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The W3C trace context for what a request causes: a step of the caller's trace, or of a new one that is named by the
 * request's id (a UUID), by which the logs of all services can be searched.
 */
export function traceparentOf(received: string | string[] | undefined, requestId: string): string {
  const [, trace = requestId.replaceAll('-', ''), flags = '00'] = TRACEPARENT.exec(String(received)) ?? [];
  return `00-${trace}-${randomBytes(8).toString('hex')}-${flags}`;
}
