import { randomBytes } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** The W3C trace context for what a request causes: a step of the caller's trace, or of a new one. */
export function traceparentOf(received: string | string[] | undefined): string {
  const [, trace = randomBytes(16).toString('hex'), flags = '00'] = TRACEPARENT.exec(String(received)) ?? [];
  return `00-${trace}-${randomBytes(8).toString('hex')}-${flags}`;
}
