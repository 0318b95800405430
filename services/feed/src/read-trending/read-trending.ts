import {
  engagementCounts,
  FEED_STATUSES,
  fromMilliseconds,
  type Microseconds,
  type Milliseconds,
  type ObjectType,
  type StreamPosition,
  TRENDING_LIMIT_MAX,
  type TrendingObject,
  type TrendingQuery,
  type TrendingWindow,
  type UserId,
} from '@activity-feed/contracts';
import type { Reply } from '@activity-feed/link';
import { objectOf } from '../activity/object-key';
import { BUCKET_LENGTH, bucketStart } from '../aggregates/aggregate-time';
import type { AnswerCache } from '../keep-answers/answer-cache';
import type { ActorScope, ReadScope } from '../read-scope/read-scope';
import { WEIGHT_ONE } from '../score-trends/weights';
import type { View } from '../timeline-index/queries/view';
import type { TimelineIndex } from '../timeline-index/timeline-index';
import { type ClosedTrends, type TrendingTime, windowStart } from './closed-trends';
import { openTrends, trendsAmong } from './open-trends';
import {
  type ClosedList,
  type ClosedObject,
  keyOf,
  MORE,
  type RankedObject,
  rank,
  rankOpen,
  withObjects,
} from './rank';
import { ShownObjects } from './shown-objects';

export interface ReadTrendingOptions {
  scope: ReadScope;
  closed: ClosedTrends;
  cache: AnswerCache;
  now(): Milliseconds;
}

interface Found {
  objects: readonly ClosedObject[];
  behind: boolean;
}

/** A window with the start of the first hour that is read from memory. */
interface OpenTime extends TrendingTime {
  open: Milliseconds;
}

/** Finds trending objects: among all users, or among the reader's followees. */
export class ReadTrending {
  constructor(private readonly options: ReadTrendingOptions) {}

  async read(query: TrendingQuery): Promise<Reply> {
    const { objects, behind } = await (query.among === 'all' ? this.all(query) : this.among(query));
    const trending = objects.slice(0, query.limit).map(toShown);
    return {
      status: behind ? FEED_STATUSES.behind : FEED_STATUSES.ok,
      payload: Buffer.from(JSON.stringify({ trending })),
    };
  }

  /** Adds the open hours, from memory, to the stored list of the closed hours. */
  private async all(query: TrendingQuery): Promise<Found> {
    const { window, reader, type, limit, atLeast } = query;
    const { scope, cache } = this.options;
    const { index, open, behind, takeBacks, view } = await scope.ofHoursFor(reader, query);
    if (!index) return { objects: await this.fromDatabase(query), behind };
    const time = { window, hour: open + BUCKET_LENGTH.hour, open };
    const undone = await takeBacks.reach(fromMilliseconds(open));
    const changes = await takeBacks.changes();
    const keys = undone === undefined ? undefined : undone + changes;
    const findShown = () => this.best(index, time, type, limit, keys, view);
    // Other reads share answers from before.
    if (undone !== '') return { objects: await findShown(), behind: behind || undone === undefined };
    // A shared answer is fresh if it was begun after the required versions were applied, and no object has changed since.
    const isFresh = (begun: number) =>
      index.changes.latestAt < begun && atLeast.every(({ stream }) => index.appliedAt(stream) < begun);
    const share = (length: number) => {
      const find = () => this.best(index, time, type, length, keys, undefined);
      return cache.share(`trending.${window}.${type ?? ''}.${length}`, find, isFresh);
    };
    if (!view) return { objects: await share(limit), behind };
    // What comments hang on must be looked up.
    const shown = type === 'comment' ? undefined : shownOf(await share(limit + MORE), limit, view);
    return { objects: shown ?? (await findShown()), behind };
  }

  private async fromDatabase({ window, reader, type, limit }: TrendingQuery): Promise<readonly ClosedObject[]> {
    const { scope, closed } = this.options;
    const hidden = await scope.hiddenFrom(reader, 'unasked');
    if (!hidden) return closed.now(this.time(window), type, limit);
    return (await closed.ofOthers(hidden, this.time(window), type, 'infinity', limit)).objects;
  }

  /** `keys` is part of the cache key; without it nothing is cached. */
  private async best(
    index: TimelineIndex,
    time: OpenTime,
    type: ObjectType | undefined,
    limit: number,
    keys: string | undefined,
    view: View | undefined,
  ) {
    const { closed, cache } = this.options;
    const name = keys === undefined ? undefined : `trending.${time.window}.${type ?? ''}.${time.hour}${keys}`;
    const keep = async (key: string | undefined, find: () => Promise<ClosedList>): Promise<ClosedList> => {
      const kept = await cache.keep(key, find);
      // The database and kept answers may still have them.
      return { ...kept, objects: kept.objects.filter((object) => !index.objects.isDeleted(keyOf(object))) };
    };
    let list = await keep(name, () => closed.best(time, type, time.open));
    const open = openTrends(index, time, type, time.open);
    const shown = view && new ShownObjects(view, closed, { type, limit });
    const digest = view?.digest;
    const ofOthers = (hidden: View) =>
      keep(name && digest && `${name}-${digest}`, () => closed.ofOthers(hidden.ids, time, type, time.open));
    if (shown) list = shown.of(list) ?? (await ofOthers(view));
    const recent = shown ? shown.ofOpen(open) : open;
    for (;;) {
      const { best, doubtful } = rank(list, recent, limit);
      if (doubtful.length > 0) list = withObjects(list, doubtful, await closed.of(time, doubtful, time.open));
      else if (shown && (await shown.excludes(best)))
        list = shown.of(list) ?? shown.withoutExcluded(await ofOthers(view));
      else return best.flatMap((object) => toObject(object, index));
    }
  }

  /** From memory alone; cached until it expires or the reader's followees change. */
  private async among(query: TrendingQuery): Promise<Found> {
    const { window, reader, type, atLeast } = query;
    const { cache, scope } = this.options;
    const time = this.time(window);
    const actors = await scope.ofActors({ feed: 'friends', reader }, { required: query, from: startOf(time) });
    const changes = await actors.takeBacks.changes();
    const name =
      actors.key &&
      `trending.${actors.key}.${time.window}.${type ?? ''}.${time.hour}.${othersOf(atLeast, reader)}${changes}`;
    return { objects: await cache.keep(name, () => this.friends(actors, time, type)), behind: actors.behind };
  }

  private time(window: TrendingWindow): TrendingTime {
    return { window, hour: bucketStart('hour', this.options.now()) };
  }

  private async friends(actors: ActorScope, time: TrendingTime, type: ObjectType | undefined) {
    const { index, numbers, view, ids, hidden } = actors;
    const open = index && (await trendsAmong(index, { actors: numbers, visibility: view }, time, type));
    // Rows may have left memory between turns.
    if (!open || !index.covers(startOf(time))) {
      return this.options.closed.among({ actors: await ids(), hidden: hidden() }, time, type, TRENDING_LIMIT_MAX);
    }
    return rankOpen(open, TRENDING_LIMIT_MAX).flatMap((object) => toObject(object, index));
  }
}

const startOf = (time: TrendingTime): Microseconds => fromMilliseconds(windowStart(time));

/** The first `limit` of `shared` that are shown. Undefined if there may be others. */
function shownOf(shared: readonly ClosedObject[], limit: number, view: View): ClosedObject[] | undefined {
  const shown = shared.filter(({ owner_id }) => !view.hidesId(owner_id));
  return shown.length >= limit || shared.length < limit + MORE ? shown.slice(0, limit) : undefined;
}

/** What the reads must show of other users' activities, as part of a cache key. */
const othersOf = (atLeast: readonly StreamPosition[], reader: UserId): string =>
  atLeast
    .filter(({ source, stream }) => source === 'activity' && stream !== reader)
    .map(({ source, stream, version }) => `${source}:${stream}:${version}`)
    .sort()
    .join();

/** Omits an object whose owner has no name, as the database's join does. */
function toObject({ key, owner, ownerId, counts, score }: RankedObject, { users }: TimelineIndex): ClosedObject[] {
  if (typeof owner === 'number' && !users.names.has(owner)) return [];
  const { type, id } = objectOf(key);
  const owner_name = typeof owner === 'string' ? owner : users.names.get(owner);
  const owner_id = typeof owner === 'string' ? (ownerId as number) : users.idOf(owner);
  return [
    {
      object_type: type,
      object_id: id,
      owner_id,
      owner_name,
      ...engagementCounts((_, place) => counts[place] as number),
      score,
    },
  ];
}

const toShown = ({ score, owner_id: _, ...object }: ClosedObject): TrendingObject => ({
  ...object,
  score: score / WEIGHT_ONE,
});
