import { COMMON_HEADERS, PUBLIC_DOCUMENT } from './common-headers';

/** Swagger UI writes styles into its page, and has icons in them. Its scripts are files. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of the pages that describe the API: a visitor may have entered a key. */
export const PAGE_HEADERS = {
  ...COMMON_HEADERS,
  'cache-control': PUBLIC_DOCUMENT,
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const;
