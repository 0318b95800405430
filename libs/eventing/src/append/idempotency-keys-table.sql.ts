/**
 * The answers to commands with idempotency keys, for repeats. `stream` is the caller's. Released migrations use this constant: never
 * change it, add another.
 */
export const IDEMPOTENCY_KEYS_TABLE_V1 = `
CREATE TABLE idempotency_keys (
  stream      integer NOT NULL,
  key         bytea NOT NULL,
  fingerprint bytea NOT NULL,
  value       jsonb NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (stream, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (recorded_at);
`;
