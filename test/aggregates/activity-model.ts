import {
  type ActivityGroup,
  definitionOfVerb,
  type Engagement,
  type EventTime,
  engagementCounts,
  type FeedEntry,
  type FeedKind,
  type HourlyActivity,
  type ObjectRef,
  type ObjectType,
  type Summary,
  type TrendingObject,
  type TrendingQuery,
  type UserId,
  VERBS,
  type Verb,
  type VerbCounts,
} from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { Effects, ObjectState, TakenBack } from '../../services/feed/src/activity/effects';
import { objectsOf } from '../../services/feed/src/activity/objects-of';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOURS = { '1h': 1, '24h': 24, '7d': 168 };
const HALF_LIFE = { '1h': 1, '24h': 6, '7d': 42 };

type Question = Pick<TrendingQuery, 'reader' | 'window' | 'type' | 'among' | 'limit'>;

export interface HourOfVerb {
  /** `2019-02-10T12`. */
  hour: string;
  verb: string;
  activities: number;
  actors: number;
}

/** The reference for aggregate reads: computes each answer from all activities. */
export class ActivityModel {
  private all: Activity[] = [];
  /** Of objects that were deleted at least once, by name. */
  private readonly states = new Map<string, ObjectState>();
  private readonly byActor = new Map<UserId, Activity[]>();
  private readonly names = new Map<UserId, string>();
  private readonly followees = new Map<UserId, Set<UserId>>();

  add({ users, activity, takenBack, objectState, follow }: Effects): void {
    for (const { id, name } of users) this.names.set(id, name);
    if (activity) this.addActivity(activity);
    if (takenBack) this.keepOnly((one) => !isTakenBack(one, takenBack));
    if (objectState) this.change(objectState);
    if (!follow) return;
    const followed = this.followees.get(follow.followerId) ?? new Set();
    this.followees.set(follow.followerId, followed);
    if (follow.following) followed.add(follow.followeeId);
    else followed.delete(follow.followeeId);
  }

  /** Forgets what happened before `time`, milliseconds since 1970. */
  forgetBefore(time: number): void {
    this.keepOnly((activity) => Date.parse(activity.time) >= time);
  }

  /** Likes and shares that can be taken back, in the order in which they were added. */
  undoable(): Activity[] {
    return this.all.filter(({ verb }) => definitionOfVerb(verb).undo);
  }

  /** Newest first. */
  entries(feed: FeedKind, reader: UserId): FeedEntry[] {
    const nameOf = (user: UserId | null) => (user === null ? null : (this.names.get(user) as string));
    return this.of(feed, reader)
      .toSorted(byTime)
      .reverse()
      .map(({ actorId, verb, objectId, objectType, commentId, targetId, time }) => ({
        actor_name: nameOf(actorId) as string,
        verb,
        object_id: objectId,
        object_type: objectType,
        ...(commentId ? { comment_id: commentId } : {}),
        target_name: nameOf(targetId),
        time,
      }));
  }

  groups(feed: FeedKind, reader: UserId): ActivityGroup[] {
    const groups = Map.groupBy(
      this.of(feed, reader),
      ({ time, actorId, verb, objectType }) => `${dayOf(time)} ${actorId} ${verb} ${objectType}`,
    );
    const placed = [...groups.values()].map((members) => {
      const newest = members.toSorted(byTime).reverse();
      const [{ actorId, verb, objectType }] = newest as [Activity];
      const time = newest.at(-1)?.time as ActivityGroup['time'];
      const object_ids = newest.flatMap(({ objectId }) => objectId ?? []).slice(0, 3);
      const actor_name = this.names.get(actorId) as string;
      const entry = { actor_name, verb, object_type: objectType, count: newest.length, object_ids };
      const group = { ...entry, day: dayOf(time), time };
      return { group, key: [time, String(actorId).padStart(10, '0'), verb, objectType ?? ''].join('\0') };
    });
    return placed.sort((a, b) => (a.key < b.key ? 1 : -1)).map(({ group }) => group);
  }

  /** `now` in milliseconds since 1970. */
  summary(feed: FeedKind, reader: UserId, days: number, now: number): Summary {
    const names = Array.from({ length: days }, (_, age) => dayOf(new Date(now - age * DAY).toISOString()));
    const byDay = Map.groupBy(this.of(feed, reader), ({ time }) => dayOf(time));
    const counted = names.map((day) => ({ day, ...countsOf(byDay.get(day) ?? []) }));
    return { totals: countsOf(names.flatMap((day) => byDay.get(day) ?? [])), days: counted };
  }

  trending({ reader, window, type, among, limit }: Question, now: number): TrendingObject[] {
    const hour = now - (now % HOUR);
    const from = new Date(hour - HOURS[window] * HOUR).toISOString();
    const counted = (among === 'all' ? this.activities : this.of('friends', reader)).filter(
      ({ verb, time, objectType }) =>
        definitionOfVerb(verb).engagement && time >= from && (type ? objectType === type : objectType !== 'comment'),
    );
    const objects = Map.groupBy(counted, ({ objectType, objectId }) => `${objectType} ${objectId}`);
    const scored = [...objects.values()].map((members) => this.scoreOf(members as [Activity], window, hour));
    return scored.sort(bestFirst).slice(0, limit);
  }

  engagement({ type, id }: ObjectRef): Engagement {
    const counts = countsOf(this.activities.filter((one) => one.objectType === type && one.objectId === id));
    return engagementCounts(({ verb }) => counts[verb]);
  }

  /** What is about no deleted object. */
  private get activities(): Activity[] {
    return this.all.filter((activity) => this.isVisible(activity));
  }

  private isVisible(activity: Activity): boolean {
    return !objectsOf(activity).some((object) => this.states.get(nameOf(object))?.deleted);
  }

  /** An older state does not overrule a newer one. */
  private change(state: ObjectState): void {
    const name = nameOf({ type: state.objectType, id: state.objectId });
    if ((this.states.get(name)?.version ?? 0) < state.version) this.states.set(name, state);
  }

  private keepOnly(isKept: (activity: Activity) => boolean): void {
    const kept = this.all.filter(isKept);
    this.all = [];
    this.byActor.clear();
    for (const activity of kept) this.addActivity(activity);
  }

  private addActivity(activity: Activity): void {
    this.all.push(activity);
    const own = this.byActor.get(activity.actorId);
    if (own) own.push(activity);
    else this.byActor.set(activity.actorId, [activity]);
  }

  /** Activities and actors by hour and verb, in that order. */
  hours(): HourOfVerb[] {
    const hours = Map.groupBy(this.activities, ({ time, verb }) => `${time.slice(0, '2019-02-10T12'.length)} ${verb}`);
    return [...hours]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, members]) => {
        const [hour, verb] = key.split(' ') as [string, string];
        return {
          hour,
          verb,
          activities: members.length,
          actors: new Set(members.map(({ actorId }) => actorId)).size,
        };
      });
  }

  /** The same for the latest `hours`, newest first; `now` in milliseconds since 1970. */
  stats(hours: number, now: number): HourlyActivity[] {
    const latest = now - (now % HOUR);
    const [first, last] = [latest - (hours - 1) * HOUR, latest].map((hour) =>
      new Date(hour).toISOString().slice(0, 13),
    );
    const wanted = this.hours().filter(({ hour }) => hour >= (first as string) && hour <= (last as string));
    const byHour = Map.groupBy(wanted, ({ hour }) => hour);
    return [...byHour.values()]
      .reverse()
      .flatMap((verbs) =>
        verbs.map((one) => ({ ...one, hour: `${one.hour}:00:00.000000+00:00` as EventTime, verb: one.verb as Verb })),
      );
  }

  private scoreOf(members: [Activity, ...Activity[]], window: Question['window'], hour: number): TrendingObject {
    const [{ objectType, objectId, targetId }] = members;
    const counts = countsOf(members);
    const millionths = members.reduce((sum, { verb, time }) => {
      const age = Math.max(0, Math.ceil((hour - Date.parse(time)) / HOUR));
      return (
        sum + (definitionOfVerb(verb).engagement?.points ?? 0) * Math.round(1e6 * 0.5 ** (age / HALF_LIFE[window]))
      );
    }, 0);
    return {
      object_type: objectType as ObjectType,
      object_id: objectId as number,
      owner_name: this.names.get(targetId as UserId) as string,
      ...engagementCounts(({ verb }) => counts[verb]),
      score: millionths / 1e6,
    };
  }

  private of(feed: FeedKind, reader: UserId): Activity[] {
    const actors = feed === 'my' ? [reader] : [...(this.followees.get(reader) ?? [])];
    return actors.flatMap((actor) => this.byActor.get(actor) ?? []).filter((activity) => this.isVisible(activity));
  }
}

/** Times in events have a fixed format, so they compare as texts. */
const isTakenBack = (
  { actorId, verb, objectType, objectId, time }: Activity,
  { from, to, ...taken }: TakenBack,
): boolean =>
  actorId === taken.actorId &&
  verb === taken.verb &&
  objectType === taken.objectType &&
  objectId === taken.objectId &&
  time >= from &&
  time <= to;

const nameOf = ({ type, id }: ObjectRef) => `${type}:${id}`;

const dayOf = (time: string) => time.slice(0, '2019-02-10'.length);

const byTime = (a: Activity, b: Activity) => (`${a.time} ${a.eventId}` < `${b.time} ${b.eventId}` ? -1 : 1);

function countsOf(activities: readonly Activity[]): VerbCounts {
  const counts = Object.fromEntries(VERBS.map((verb) => [verb, 0])) as VerbCounts;
  for (const { verb } of activities) counts[verb]++;
  return counts;
}

function bestFirst(a: TrendingObject, b: TrendingObject): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.object_type !== b.object_type) return a.object_type < b.object_type ? -1 : 1;
  return b.object_id - a.object_id;
}
