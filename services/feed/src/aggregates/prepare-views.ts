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
 * Finds an object's likes and shares for the view object_engagement_hourly. A continuous aggregate does not need it, and
 * it slows the projector down.
 */
const INDEX_FOR_VIEWS = `
CREATE INDEX IF NOT EXISTS activities_of_object ON activities (object_type, object_id, time DESC)
WHERE ${IS_ENGAGEMENT}`;
const WITHOUT_INDEX = 'DROP INDEX IF EXISTS activities_of_object';

/**
 * Creates a view for every aggregate that has no continuous aggregate, so that all can be read when the service starts.
 * An existing continuous aggregate stays, even with an old definition, until the refresher has filled its replacement.
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
      logger.info({ aggregate: aggregate.name }, 'created a view for the aggregate');
    }
    // CREATE INDEX IF NOT EXISTS locks out writes even if the index exists.
    if (edition === 'apache' && !(await hasIndex(client))) {
      await untilUnlocked(logger, () => client.query(INDEX_FOR_VIEWS));
    }
    return edition;
  });
}

async function hasIndex(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('activities_of_object') IS NOT NULL AS exists",
  );
  return rows[0]?.exists ?? false;
}

export async function dropIndexForViews(client: ClientBase): Promise<void> {
  await client.query(WITHOUT_INDEX);
}
