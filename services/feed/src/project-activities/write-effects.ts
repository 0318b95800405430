import type { ClientBase } from 'pg';
import { ACTIVITY_COLUMNS, ACTIVITY_FIELDS, type Activity } from '../activity/activity';
import type { Effects, FollowEdge } from '../activity/effects';
import { columns } from './columns';
import { divideByState, writeObjectStates } from './hide-new-activities';
import type { KnownUsers } from './known-users';

/** ORDER BY id: concurrent batches with the same users would otherwise deadlock. */
const USERS = {
  name: 'insert-users',
  text: `
INSERT INTO users (id, name) SELECT id, name FROM unnest($1::int[], $2::text[]) AS u(id, name) ORDER BY id
ON CONFLICT (id) DO NOTHING`,
};

/** Relies on the unique index activities_in_order to skip repeated events. */
const INSERT_ACTIVITIES = {
  name: 'insert-activities',
  text: `
INSERT INTO activities (${ACTIVITY_FIELDS.map((field) => ACTIVITY_COLUMNS[field][0]).join(', ')})
SELECT * FROM unnest(${ACTIVITY_FIELDS.map((field, index) => `$${index + 1}::${ACTIVITY_COLUMNS[field][1]}[]`).join(', ')})
ON CONFLICT (time, event_id) DO NOTHING`,
};

/** Activities about deleted objects. */
const INSERT_HIDDEN = {
  name: 'insert-hidden-activities',
  text: INSERT_ACTIVITIES.text.replace('INTO activities', 'INTO hidden_activities'),
};

const FOLLOWS = {
  name: 'upsert-follows',
  text: `
INSERT INTO follows (follower_id, followee_id, following, version, since)
SELECT * FROM unnest($1::int[], $2::int[], $3::boolean[], $4::bigint[], $5::timestamptz[])
ON CONFLICT (follower_id, followee_id) DO UPDATE
SET following = excluded.following, version = excluded.version, since = excluded.since
WHERE follows.version < excluded.version`,
};

const APPLIED = {
  name: 'upsert-applied-versions',
  text: `
INSERT INTO applied_versions (source, stream, version) SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[])
ON CONFLICT (source, stream) DO UPDATE SET version = greatest(applied_versions.version, excluded.version)`,
};

/** Writes the effects of a batch of events, in the order of their versions in each stream. Idempotent. Returns the activities that are visible. */
export async function writeEffects(tx: ClientBase, effects: Effects[], knownUsers: KnownUsers): Promise<Activity[]> {
  if (effects.length === 0) return [];
  const users = knownUsers.without(effects.flatMap(({ users }) => users));
  if (users.length > 0) await tx.query(USERS, columns(users, ['id', 'name']));

  await writeObjectStates(tx, effects);
  const activities = effects.flatMap(({ activity }) => activity ?? []);
  const { visible, hidden } = await divideByState(tx, activities);
  if (visible.length > 0) await insertActivities(tx, visible);
  if (hidden.length > 0) await tx.query(INSERT_HIDDEN, columns<Activity>(hidden, ACTIVITY_FIELDS));

  // INSERT … ON CONFLICT cannot update a row twice.
  const edges = lastOfEach(
    effects.flatMap(({ follow }) => follow ?? []),
    (edge) => `${edge.followerId}>${edge.followeeId}`,
  );
  if (edges.length > 0) await tx.query(FOLLOWS, columns<FollowEdge>(edges, FOLLOW_FIELDS));

  const applied = lastOfEach(effects, ({ source, stream }) => `${source}:${stream}`);
  await tx.query(APPLIED, columns(applied, ['source', 'stream', 'version']));
  return visible;
}

/** Inserts activities; skips those that the table already has. */
export async function insertActivities(tx: ClientBase, activities: readonly Activity[]): Promise<void> {
  await tx.query(INSERT_ACTIVITIES, columns(activities, ACTIVITY_FIELDS));
}

const FOLLOW_FIELDS: (keyof FollowEdge)[] = ['followerId', 'followeeId', 'following', 'version', 'time'];

/** The last item of each key, which has the highest version. */
const lastOfEach = <Item>(items: Item[], key: (item: Item) => string): Item[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];
