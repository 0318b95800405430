import { withConnection } from '@activity-feed/backend';
import { advisoryLock } from '@activity-feed/contracts';
import type { Logger } from '@activity-feed/hosting';
import type { ClientBase } from 'pg';
import { AGGREGATES, type Aggregate, definitionOf } from './aggregate';
import { type Edition, readEdition } from './edition';
import { IS_ENGAGEMENT } from './engagement-sql';
import { limitLockWaits, untilUnlocked } from './lock-timeout';
import { createView, readRelation } from './relations';

const LOCK = `SELECT pg_advisory_lock(${advisoryLock('views')})`;

/**
 * What finds an object's likes and shares where no aggregate has them. A continuous aggregate makes it needless, and it
 * costs the projector.
 */
const INDEX_FOR_VIEWS = `
CREATE INDEX IF NOT EXISTS activities_of_object ON activities (object_type, object_id, time DESC)
WHERE ${IS_ENGAGEMENT}`;
const WITHOUT_INDEX = 'DROP INDEX IF EXISTS activities_of_object';

/**
 * Sees to it that every aggregate can be read when a service starts: as a view, where there is no continuous aggregate.
 * One of those stays as it is, whatever it was made of, until the refresher has filled another.
 */
export async function prepareViews(
  connectionString: string,
  logger: Logger,
  aggregates: readonly Aggregate[] = AGGREGATES,
): Promise<Edition> {
  return withConnection({ connectionString }, async (client) => {
    await client.query(LOCK);
    await limitLockWaits(client);
    const edition = await readEdition(client);
    for (const aggregate of aggregates) {
      const relation = await readRelation(client, aggregate.name);
      if (relation?.kind === 'continuous' || relation?.definition === definitionOf(aggregate)) continue;
      await untilUnlocked(logger, () => createView(client, aggregate));
      logger.info({ aggregate: aggregate.name }, 'a view of the aggregate was made');
    }
    // Asked first: even one that is there would have all writes wait for a moment.
    if (edition === 'apache' && !(await hasIndex(client))) {
      await untilUnlocked(logger, () => client.query(INDEX_FOR_VIEWS));
    }
    return edition;
  });
}

async function hasIndex(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('activities_of_object') IS NOT NULL AS there",
  );
  return rows[0]?.there ?? false;
}

/** Drops what only the views needed. */
export async function dropIndexForViews(client: ClientBase): Promise<void> {
  await client.query(WITHOUT_INDEX);
}
