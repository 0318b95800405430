import { sqlEventTime, sqlMicroseconds } from '@activity-feed/contracts';
import { IS_KNOWN } from '../activity/known-kinds';
import { ALL_MOVED } from '../activity/moved-sql';
import { correctionsOf, noneCorrected } from '../aggregates/corrections-sql';
import { misplaced } from '../aggregates/misplaced-sql';
import { noneNoted, notedBuckets } from '../aggregates/notes-sql';
import type { ReadOfClosedBuckets } from '../aggregates/read-through-notes';
import { affectedBy } from '../hypertable/affected-sql';
import { argumentsOf, hiddenParameters, sqlIsHidden, sqlIsNoHiddenShare } from '../hypertable/hidden-sql';

/*
 * Parameters: $1 actors, $2 and $3 the range of days (its start, and its end, exclusive), $4 to $7 the position before the
 * page (first time, actor, verb, object type), $8 the limit. For a viewer from whom somebody is hidden: those of
 * hiddenParameters from $9 on.
 */

const COLUMNS = 'day, actor_id, verb, object_type, activities, first_time, object_ids';

const IN_ORDER = `day DESC, first_time DESC, actor_id DESC, verb COLLATE "C" DESC,
         coalesce(object_type, '') COLLATE "C" DESC`;

/** Only conditions on `day` exclude chunks and use the indexes. */
const DAYS = 'day >= $2::timestamptz AND day < $3::timestamptz AND day <= $4::timestamptz';
const BEHIND = `(first_time, actor_id, verb COLLATE "C", coalesce(object_type, '') COLLATE "C") < ($4, $5, $6, $7)
  AND ${IS_KNOWN}`;

const without = (groups: string) => `((day, actor_id, verb, coalesce(object_type, '')) IN (${groups})) IS NOT TRUE`;
const NOTED = "SELECT day, actor_id, verb, coalesce(object_type, '') FROM noted";
const WITHOUT_NOTED = without(NOTED);
const WITHOUT_CHANGED = without(`${NOTED} UNION ALL SELECT day, actor_id, verb, object_type FROM corrections`);

/** A group without the activities of its row in `corrections`, unless none is left. OFFSET 0: by the index of actors. */
const corrected = (relation: string) => `
SELECT day, actor_id, verb, object_type, kept.activities - corrections.activities AS activities, first_time,
       ARRAY(SELECT id FROM unnest(kept.object_ids) AS id WHERE id <> ALL (corrections.object_ids)) AS object_ids
FROM (
  SELECT * FROM ${relation} AS one WHERE one.actor_id = corrections.actor_id AND one.day = corrections.day OFFSET 0
) AS kept
WHERE verb = corrections.verb AND object_type = corrections.object_type AND kept.activities > corrections.activities`;

/** The days of activities that are still to be moved. Their groups are as if noted, and come from visible activities. */
const MISPLACED_DAYS = misplaced("date_trunc('day', at, 'UTC') AS day, actor_id, verb, object_type", {
  from: '$2::timestamptz',
  to: "least($3, $4)::timestamptz + interval '24 hours'",
});

const HIDDEN = hiddenParameters(9);
/** Groups that have something about hidden users. */
const AFFECTED = affectedBy(HIDDEN, {
  actors: '$1::int[]',
  from: '$2::timestamptz',
  to: "least($3, $4::timestamptz + interval '24 hours')",
});
const IS_SHOWN = `NOT ${sqlIsHidden('actor_id', HIDDEN)} AND ${sqlIsNoHiddenShare(HIDDEN)}`;

/** What a page shows: everything, or what a viewer may see. */
interface Shown {
  /** Groups that are read from rows in any case. */
  affected: string | undefined;
  /** A condition on groups. */
  groups: string;
  /** Further arguments of groups_from_rows. */
  rows: string;
}
const ALL: Shown = { affected: undefined, groups: 'true', rows: '' };
const VISIBLE: Shown = { affected: AFFECTED, groups: IS_SHOWN, rows: `, ${argumentsOf(HIDDEN)}` };

/** The parts of a page that are needed only if there is something to be moved or to be corrected. */
interface Rare {
  /** Further groups that are as if noted. */
  noted: string;
  /** Reads corrections, as a part of a WITH. */
  corrections: string;
  /** Further groups of the page. */
  groups: string;
  /** A condition on the whole page. */
  applies: string;
}

/** Right only if there is nothing of that, and otherwise nothing. */
const USUAL = (actors: string): Rare => ({
  noted: '',
  corrections: '',
  groups: '',
  applies: `WHERE ${noneCorrected(`${actors} AND ${DAYS}`)} AND ${ALL_MOVED}`,
});

const WHOLE = (relation: string, actors: string, { groups }: Shown): Rare => ({
  noted: `UNION SELECT day, actor_id, verb, object_type FROM (${MISPLACED_DAYS}) AS misplaced WHERE ${actors} AND ${DAYS}`,
  corrections: `corrections AS MATERIALIZED (
  ${correctionsOf('day, actor_id, verb, object_type, count(*) AS activities, array_agg(object_id) AS object_ids', `${actors} AND ${DAYS}`)}
  GROUP BY 1, 2, 3, 4
), `,
  groups: `
  UNION ALL
  SELECT * FROM (
    SELECT groups.* FROM corrections CROSS JOIN LATERAL (${corrected(relation)}) AS groups
  ) AS corrected WHERE ${BEHIND} AND ${groups}`,
  applies: '',
});

/**
 * A page in which noted groups come from their activities, all others from the aggregate. If the aggregate alone can fill the
 * page, noted groups that began before its last group are not needed.
 */
const withNoted = (actors: string, aggregated: string, { affected, rows }: Shown, rare: Rare) => `
WITH noted AS MATERIALIZED (
  ${notedBuckets('noted_groups', 'day, actor_id, verb, object_type', `${actors} AND ${DAYS}`)}
  ${affected === undefined ? '' : `UNION SELECT day, actor_id, verb, object_type FROM (${affected}) AS affected WHERE ${DAYS}`}
  ${rare.noted}
), ${rare.corrections}aggregated AS MATERIALIZED (${aggregated}), full_page AS MATERIALIZED (
  SELECT min(day) AS day, min(first_time) AS since FROM aggregated HAVING count(*) = $8
), needed AS (
  SELECT array_agg(day) AS days, array_agg(actor_id) AS actor_ids, array_agg(verb) AS verbs,
         array_agg(object_type) AS object_types, coalesce((SELECT since FROM full_page), '-infinity') AS since
  FROM noted WHERE day >= coalesce((SELECT day FROM full_page), '-infinity')
)
SELECT * FROM (
  SELECT * FROM aggregated${rare.groups}
  UNION ALL
  SELECT found.* FROM needed CROSS JOIN LATERAL groups_from_rows(days, actor_ids, verbs, object_types, since${rows}) AS found
  WHERE ${BEHIND}
) AS groups ${rare.applies} ORDER BY ${IN_ORDER} LIMIT $8`;

const withNames = (page: string, users = 'JOIN users ON users.id = actor_id') => `
SELECT users.name AS actor_name, verb, object_type, activities::float8 AS count,
       CASE WHEN object_type IS NULL THEN '{}' ELSE object_ids END::float8[] AS object_ids,
       to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, ${sqlEventTime('first_time')} AS time,
       ${sqlMicroseconds('first_time')} AS "firstTime", actor_id AS "actorId",
       coalesce(object_type, '') AS "objectType"
FROM (${page}) AS page ${users} ORDER BY ${IN_ORDER.replace('day', 'page.day')}`;

/** One look-up each: the planner does not know how few rows a page with noted groups has, and would scan all users. */
const BY_ID = 'CROSS JOIN LATERAL (SELECT name FROM users WHERE id = actor_id OFFSET 0) AS users';

/** A page for everybody from whom nobody is hidden, and one for the others. */
export interface ReadOfGroups {
  all: ReadOfClosedBuckets;
  visible: ReadOfClosedBuckets;
}

/** `page` reads from the aggregate the groups that meet another condition. */
function pageOf(relation: string, actors: string, page: (condition: string) => string): ReadOfGroups {
  const usual = (shown: Shown) =>
    withNames(withNoted(actors, page(`${WITHOUT_NOTED} AND ${shown.groups}`), shown, USUAL(actors)), BY_ID);
  const whole = (shown: Shown) =>
    withNames(
      withNoted(actors, page(`${WITHOUT_CHANGED} AND ${shown.groups}`), shown, WHOLE(relation, actors, shown)),
      BY_ID,
    );
  const isPlain = `${noneNoted('noted_groups', `${actors} AND ${DAYS}`)} AND ${noneCorrected(`${actors} AND ${DAYS}`)} AND ${ALL_MOVED}`;
  return {
    all: { plain: withNames(page(isPlain)), noted: usual(ALL), whole: whole(ALL) },
    visible: { plain: usual(VISIBLE), noted: whole(VISIBLE) },
  };
}

/** For few actors, by the index (actor_id, day). MATERIALIZED, since the limit makes the planner prefer the other index. */
export function pageOfFewActors(relation: string): ReadOfGroups {
  const actors = 'actor_id = ANY ($1::int[])';
  return pageOf(
    relation,
    actors,
    (condition) => `
  WITH behind AS MATERIALIZED (
    SELECT ${COLUMNS} FROM ${relation} WHERE ${actors} AND ${DAYS} AND ${BEHIND} AND ${condition})
  SELECT * FROM behind ORDER BY ${IN_ORDER} LIMIT $8`,
  );
}

/** For many actors, by the index (day, first_time): `IS TRUE` makes the planner hash the actors. */
export function pageOfManyActors(relation: string): ReadOfGroups {
  const actors = '(actor_id IN (SELECT unnest($1::int[]))) IS TRUE';
  return pageOf(
    relation,
    actors,
    (condition) => `
  SELECT ${COLUMNS} FROM ${relation} WHERE ${actors} AND ${DAYS} AND ${BEHIND} AND ${condition}
  ORDER BY ${IN_ORDER} LIMIT $8`,
  );
}
