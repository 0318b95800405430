import type { Idempotency, KeptOutcome } from '@activity-feed/contracts';
import type { ClientBase, QueryConfig } from 'pg';

/** For how long a key is known. */
const KEPT_FOR = "interval '24 hours'";

/** Relies on the primary key of idempotency_keys. */
const FIND = {
  name: 'find-kept-outcomes',
  text: `
SELECT encode(fingerprint, 'hex') AS fingerprint, value
FROM unnest($1::int[], $2::bytea[]) WITH ORDINALITY AS wanted(stream, key, place)
LEFT JOIN idempotency_keys AS kept
  ON kept.stream = wanted.stream AND kept.key = wanted.key AND recorded_at > clock_timestamp() - ${KEPT_FOR}
ORDER BY place`,
};

/** Replaces what is too old to be found. */
const KEEP = {
  name: 'keep-outcomes',
  text: `
INSERT INTO idempotency_keys (stream, key, fingerprint, value)
SELECT * FROM unnest($1::int[], $2::bytea[], $3::bytea[], $4::jsonb[])
ON CONFLICT (stream, key) DO UPDATE SET
  fingerprint = excluded.fingerprint, value = excluded.value, recorded_at = excluded.recorded_at`,
};

/** Relies on the index idempotency_keys_by_age. */
const FORGET = {
  name: 'forget-outcomes',
  text: `
DELETE FROM idempotency_keys WHERE (stream, key) IN (
  SELECT stream, key FROM idempotency_keys WHERE recorded_at <= clock_timestamp() - ${KEPT_FOR}
  ORDER BY recorded_at LIMIT $1
) AND recorded_at <= clock_timestamp() - ${KEPT_FOR}`,
};

type Keys = Pick<Idempotency, 'caller' | 'key'>;

const columnsOf = (keys: readonly Keys[]) => [
  keys.map(({ caller }) => caller),
  keys.map(({ key }) => Buffer.from(key, 'hex')),
];

/** In the order of `keys`; undefined for a key that is not known. */
export async function findKeptOutcomes(
  client: Pick<ClientBase, 'query'>,
  keys: readonly Keys[],
): Promise<(KeptOutcome | undefined)[]> {
  const { rows } = await client.query<KeptOutcome | { fingerprint: null }>(FIND, columnsOf(keys));
  return rows.map((row) => (row.fingerprint === null ? undefined : row));
}

/** The statement that keeps the value of each command's answer. No other transaction may do so for the same caller meanwhile. */
export const keepOutcomes = (kept: readonly { idempotency: Idempotency; value: unknown }[]): QueryConfig => ({
  ...KEEP,
  values: [
    ...columnsOf(kept.map(({ idempotency }) => idempotency)),
    kept.map(({ idempotency }) => Buffer.from(idempotency.fingerprint, 'hex')),
    kept.map(({ value }) => JSON.stringify(value)),
  ],
});

/** Deletes up to `most` outcomes that are not found any more. Returns how many. */
export async function forgetOutcomes(client: Pick<ClientBase, 'query'>, most: number): Promise<number> {
  return (await client.query(FORGET, [most])).rowCount ?? 0;
}
