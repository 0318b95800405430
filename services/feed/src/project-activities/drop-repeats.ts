import type { Source } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import type { Effects } from '../activity/effects';

/** The streams that have reached a version already. ANY makes the planner use the primary key of applied_versions. */
const REACHED = {
  name: 'read-reached-versions',
  text: `
SELECT stream, applied.version::float8 AS version
FROM applied_versions AS applied JOIN unnest($2::int[], $3::bigint[]) AS first(stream, version) USING (stream)
WHERE source = $1 AND stream = ANY ($2::int[]) AND applied.version >= first.version`,
};

/**
 * The effects of events that have not been applied yet. A relay that crashes before it stores its cursor sends events
 * again: a like among them may have been taken back since. A stream belongs to one partition, so while the transaction
 * holds the lock on the partition's offset, nobody else changes the versions.
 */
export async function dropRepeats(tx: ClientBase, effects: readonly Effects[]): Promise<Effects[]> {
  const bySource = Map.groupBy(effects, ({ source }) => source);
  const reached = await Promise.all([...bySource].map(([source, batch]) => reachedVersions(tx, source, batch)));
  const versions = new Map(reached.flat());
  return effects.filter(({ source, stream, version }) => {
    const name = `${source}:${stream}`;
    if (version <= (versions.get(name) ?? 0)) return false;
    versions.set(name, version);
    return true;
  });
}

async function reachedVersions(
  tx: ClientBase,
  source: Source,
  effects: readonly Effects[],
): Promise<[name: string, version: number][]> {
  const first = new Map<number, number>();
  for (const { stream, version } of effects) if (!first.has(stream)) first.set(stream, version);
  const values = [source, [...first.keys()], [...first.values()]];
  const { rows } = await tx.query<{ stream: number; version: number }>({ ...REACHED, values });
  return rows.map(({ stream, version }) => [`${source}:${stream}`, version]);
}
