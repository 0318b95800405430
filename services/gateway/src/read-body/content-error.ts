import type { IncomingHttpHeaders } from 'node:http';
import { MIMEType } from 'node:util';
import { ApiError } from '../error-answers/api-error';

const JSON_TYPE = 'application/json';
/** The second is what the first is often called. */
const CHARSETS = ['utf-8', 'utf8'];

/** Why a body with such headers cannot be read. */
export function contentError(headers: IncomingHttpHeaders): ApiError | undefined {
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
