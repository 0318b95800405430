import { randomBytes } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The W3C trace context for the messages of a request: a new span of the caller's trace, or of a new trace whose id is
 * the request's id (a UUID), so that the logs of all services can be searched by it.
 */
export function traceparentOf(received: string | string[] | undefined, requestId: string): string {
  const [, trace = requestId.replaceAll('-', ''), flags = '00'] = TRACEPARENT.exec(String(received)) ?? [];
  return `00-${trace}-${randomBytes(8).toString('hex')}-${flags}`;
}
