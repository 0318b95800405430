import type { ServerOptions } from 'node:http';

export interface ConnectionLimits {
  /** Milliseconds within which a request must arrive completely, counted from its first byte. */
  requestTimeout: number;
  /** Milliseconds between checks for late requests. */
  checkInterval: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = { requestTimeout: 30_000, checkInterval: 1_000 };

/** Maximum characters in a request head: the URL plus all field names and values. Also the maximum of the URL alone. */
export const HEAD_MAX_LENGTH = 16 * 1024;
/** Maximum fields in a request head. Node drops further ones. */
export const FIELDS_MAX = 1_000;

export const serverOptions = ({ requestTimeout, checkInterval }: ConnectionLimits): ServerOptions => ({
  // Longer heads than allowed are read, so that the error can say what is too large.
  maxHeaderSize: 2 * HEAD_MAX_LENGTH,
  // Must not exceed `requestTimeout`; otherwise it would apply to slow heads instead.
  headersTimeout: requestTimeout,
  requestTimeout,
  connectionsCheckingInterval: checkInterval,
  // Checked in refuseHeads: Node's own answer has no body.
  requireHostHeader: false,
});
