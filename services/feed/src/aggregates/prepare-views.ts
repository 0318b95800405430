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
 * Finds an object's likes, shares and comments for the view object_engagement_hourly. A continuous aggregate does not need it, and
 * it slows the projector down.
 */
const INDEX_FOR_VIEWS = `
DROP INDEX IF EXISTS activities_of_object;
CREATE INDEX activities_of_object ON activities (object_type, object_id, time DESC) WHERE ${IS_ENGAGEMENT};
COMMENT ON INDEX activities_of_object IS $comment$${IS_ENGAGEMENT}$comment$`;
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
    if (edition === 'apache' && !(await hasIndex(client))) {
      await untilUnlocked(logger, () => client.query(INDEX_FOR_VIEWS));
    }
    return edition;
  });
}

/** Whether the index exists for the engagement verbs of this version. Earlier versions did not comment on it. */
async function hasIndex(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ verbs: string | null }>(
    "SELECT obj_description(to_regclass('activities_of_object'), 'pg_class') AS verbs",
  );
  return rows[0]?.verbs === IS_ENGAGEMENT;
}

export async function dropIndexForViews(client: ClientBase): Promise<void> {
  await client.query(WITHOUT_INDEX);
}
