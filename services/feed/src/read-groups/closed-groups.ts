import {
  type ActivityGroup,
  fromMicroseconds,
  fromMilliseconds,
  type Microseconds,
  sqlMicroseconds,
} from '@activity-feed/contracts';
import type { Pool } from 'pg';
import { earlier, nextDay } from '../activity/durations';
import type { HiddenIds } from '../activity/hiding';
import type { FilledDays } from '../aggregates/filled-days';
import { readThroughNotes } from '../aggregates/read-through-notes';
import { filledName } from '../aggregates/relations';
import { hiddenValues } from '../hypertable/hidden-sql';
import type { IdArray } from '../hypertable/id-array';
import { wideningSlices } from '../hypertable/widening-window';
import type { GroupPosition } from '../timeline-index/queries/grouped-rows';
import { pageOfFewActors, pageOfManyActors, type ReadOfGroups } from './closed-groups-sql';

/** Up to this number of actors, one index scan each is faster than walking days newest first and probing a hash. */
const FEW_ACTORS = 100;

/**
 * Days of the first slice for one actor, divided by the number of actors. Few actors have few groups a day, which the
 * index finds cheaply; each further slice costs a statement.
 */
const DAYS_OF_ONE = 64;

export type PlacedGroup = ActivityGroup & GroupPosition;

const AGGREGATE = 'actor_activity_daily';
/** Includes rows that are not materialised. By actor only: hashing would group the rows of all actors first. */
const WHOLE = pageOfFewActors(AGGREGATE);
const FILLED = { few: pageOfFewActors(filledName(AGGREGATE)), many: pageOfManyActors(filledName(AGGREGATE)) };

/** The oldest time, including activities that retention has dropped. */
const FLOOR = `
SELECT ${sqlMicroseconds(`least(
  (SELECT min(time) FROM activities), (SELECT min(time) FROM hidden_activities),
  (SELECT filled_from FROM aggregate_progress WHERE aggregate = '${AGGREGATE}'))`)} AS floor`;

export interface ClosedGroupsRequest {
  actors: IdArray;
  /** Only groups before this day (its start). */
  until: Microseconds | undefined;
  before: GroupPosition | undefined;
  limit: number;
  /** Undefined if nothing is hidden from the viewer. */
  hidden?: HiddenIds | undefined;
}

/** Reads groups from the aggregate, by slices of days that widen until the page is full. */
export class ClosedGroups {
  constructor(
    private readonly pool: Pool,
    private readonly filled: FilledDays,
  ) {}

  async find({ actors, until, before, limit, hidden }: ClosedGroupsRequest): Promise<PlacedGroup[]> {
    const groups: PlacedGroup[] = [];
    if (actors.length === 0) return groups;
    const isFilled = until !== undefined && (await this.filled.cover(until));
    let statement = isFilled ? FILLED[actors.length <= FEW_ACTORS ? 'few' : 'many'] : WHOLE;
    const end = until === undefined ? 'infinity' : fromMicroseconds(until);
    const place = before
      ? [fromMicroseconds(before.firstTime), before.actorId, before.verb, before.objectType]
      : ['infinity', 0, '', ''];
    // A slice that began within a day would leave out what is hidden in the rest of that day, or the day itself.
    const latest = until ?? nextDay(fromMilliseconds(Date.now()));
    const start = before ? earlier(latest, nextDay(before.firstTime)) : latest;
    const firstDays = Math.max(1, Math.floor(DAYS_OF_ONE / actors.length));
    let floor: Microseconds | undefined;
    for (const { from, to } of wideningSlices(fromMicroseconds(start), firstDays)) {
      const slice = [from, to === undefined || to > end ? end : to];
      const values = [actors.parameter, ...slice, ...place, limit - groups.length];
      groups.push(...(await this.read(statement, values, hidden)));
      if (groups.length === limit) break;
      // Even many actors have few rows if a day does not fill a page; the index by actor finds them.
      if (isFilled) statement = FILLED.few;
      floor ??= await this.readFloor();
      if (from <= fromMicroseconds(floor)) break;
    }
    return groups;
  }

  private async read(statement: ReadOfGroups, values: unknown[], hidden?: HiddenIds): Promise<PlacedGroup[]> {
    if (!hidden) return readThroughNotes<PlacedGroup>(this.pool, statement.all, values);
    return readThroughNotes<PlacedGroup>(this.pool, statement.visible, [...values, ...hiddenValues(hidden)]);
  }

  /** The far future if there are no activities. */
  private async readFloor(): Promise<Microseconds> {
    const { rows } = await this.pool.query<{ floor: Microseconds | null }>(FLOOR);
    return rows[0]?.floor ?? (Number.MAX_SAFE_INTEGER as Microseconds);
  }
}
