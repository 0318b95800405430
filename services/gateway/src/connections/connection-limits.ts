import type { ServerOptions } from 'node:http';

export interface ConnectionLimits {
  /** Milliseconds within which a request must have arrived whole, counted from its first byte. */
  requestTimeout: number;
  /** Milliseconds between two looks for requests that are late. */
  checkInterval: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = { requestTimeout: 30_000, checkInterval: 1_000 };

/** Characters of a head: its URL and the names and values of its fields; also of the URL alone. */
export const HEAD_MAX_LENGTH = 16 * 1024;
/** Fields of a head. Node drops what comes after them. */
export const FIELDS_MAX = 1_000;

/** What Node's server must know of the limits. */
export const serverOptions = ({ requestTimeout, checkInterval }: ConnectionLimits): ServerOptions => ({
  // Heads up to this are read so that their refusal can say what was too large.
  maxHeaderSize: 2 * HEAD_MAX_LENGTH,
  // Above the request's timeout it would hold for slow heads in its place.
  headersTimeout: requestTimeout,
  requestTimeout,
  connectionsCheckingInterval: checkInterval,
  // Checked with the other rules for Host: Node's own answer has no body.
  requireHostHeader: false,
});
