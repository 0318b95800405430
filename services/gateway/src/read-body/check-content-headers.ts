import type { IncomingHttpHeaders } from 'node:http';
import { MIMEType } from 'node:util';
import { ApiError } from '../error-answers/api-error';

const JSON_TYPE = 'application/json';
/** `utf8` is a common misspelling. */
const CHARSETS = ['utf-8', 'utf8'];

/** The error for a body that cannot be read because of its headers. */
export function checkContentHeaders(headers: IncomingHttpHeaders): ApiError | undefined {
  const contentType = headers['content-type'] ?? '';
  if (contentType !== JSON_TYPE) {
    if (contentType.split(';')[0]?.trim().toLowerCase() !== JSON_TYPE) return new ApiError('JSON_REQUIRED');
    if (!CHARSETS.includes(charsetOf(contentType))) return new ApiError('CHARSET_UNSUPPORTED');
  }
  return isEncoded(headers) ? new ApiError('ENCODING_UNSUPPORTED') : undefined;
}

function charsetOf(contentType: string): string {
  try {
    return (new MIMEType(contentType).params.get('charset') ?? 'utf-8').toLowerCase();
  } catch {
    return 'utf-8';
  }
}

function isEncoded(headers: IncomingHttpHeaders): boolean {
  const { 'content-encoding': content = '', 'transfer-encoding': transfer = 'chunked' } = headers;
  return !['', 'identity'].includes(content.trim().toLowerCase()) || transfer.trim().toLowerCase() !== 'chunked';
}
