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
  type PagedFeed,
  type Summary,
  type TrendingObject,
  type TrendingQuery,
  type UserId,
  VERBS,
  type Verb,
  type VerbCounts,
} from '@activity-feed/contracts';
import type { Activity } from '../../services/feed/src/activity/activity';
import type { Effects } from '../../services/feed/src/activity/effects';
import { Hidings } from './hidings';
import { ModelActivities } from './model-activities';

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
  private readonly activities = new ModelActivities();
  private readonly names = new Map<UserId, string>();
  private readonly followees = new Map<UserId, Set<UserId>>();
  readonly hidings = new Hidings((user, other) => this.followees.get(user)?.has(other) ?? false);
  /** Answers since the last change, by question. Most are asked several times. */
  private readonly answers = new Map<string, unknown>();

  add({ users, activity, takenBack, objectState, follow, hiding, account }: Effects): void {
    this.answers.clear();
    for (const { id, name } of users) this.names.set(id, name);
    if (activity) this.activities.add(activity);
    if (takenBack) this.activities.takeBack(takenBack);
    if (objectState) this.activities.change(objectState);
    if (hiding) this.hidings.add(hiding);
    if (account) this.hidings.changeAccount(account);
    if (!follow) return;
    const followed = this.followees.get(follow.followerId) ?? new Set();
    this.followees.set(follow.followerId, followed);
    if (follow.following) followed.add(follow.followeeId);
    else followed.delete(follow.followeeId);
  }

  /** Forgets what happened before `time`, milliseconds since 1970. */
  forgetBefore(time: number): void {
    this.answers.clear();
    this.activities.forgetBefore(time);
  }

  /** Likes and shares that can be taken back, in the order in which they were added. */
  undoable(): Activity[] {
    return [...this.activities.all].filter(({ verb }) => definitionOfVerb(verb).undo);
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

  /** `of`: the user of the feed `user`. */
  groups(feed: PagedFeed, reader: UserId, of?: UserId): ActivityGroup[] {
    return this.once(`groups ${feed} ${reader} ${of}`, () => this.computeGroups(feed, reader, of));
  }

  private computeGroups(feed: PagedFeed, reader: UserId, of: UserId | undefined): ActivityGroup[] {
    const groups = Map.groupBy(
      this.of(feed, reader, of),
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
    const byDay = this.once(`days ${feed} ${reader}`, () =>
      Map.groupBy(this.of(feed, reader), ({ time }) => dayOf(time)),
    );
    const counted = names.map((day) => ({ day, ...countsOf(byDay.get(day) ?? []) }));
    return { totals: countsOf(names.flatMap((day) => byDay.get(day) ?? [])), days: counted };
  }

  trending({ reader, window, type, among, limit }: Question, now: number): TrendingObject[] {
    const hour = now - (now % HOUR);
    const question = `trending ${window} ${among} ${reader} ${hour}`;
    const scored = this.once(question, () => this.computeScores({ reader, window, among }, hour));
    const wanted = scored.filter(({ object_type }) => (type ? object_type === type : object_type !== 'comment'));
    return wanted.slice(0, limit);
  }

  /** The scores of all objects, best first. */
  private computeScores(
    { reader, window, among }: Pick<Question, 'reader' | 'window' | 'among'>,
    hour: number,
  ): TrendingObject[] {
    const from = new Date(hour - HOURS[window] * HOUR).toISOString();
    const ofOthers = this.hidings.ownersVisibleTo(reader);
    const counted = (among === 'all' ? this.visible().filter(ofOthers) : this.of('friends', reader)).filter(
      ({ verb, time }) => time >= from && definitionOfVerb(verb).engagement,
    );
    const objects = Map.groupBy(counted, ({ objectType, objectId }) => `${objectType} ${objectId}`);
    const scored = [...objects.values()].map((members) => this.scoreOf(members as [Activity], window, hour));
    return scored.sort(bestFirst);
  }

  engagement({ type, id }: ObjectRef): Engagement {
    const counts = countsOf(this.visible().filter((one) => one.objectType === type && one.objectId === id));
    return engagementCounts(({ verb }) => counts[verb]);
  }

  private once<T>(question: string, compute: () => T): T {
    if (!this.answers.has(question)) this.answers.set(question, compute());
    return this.answers.get(question) as T;
  }

  /** Activities and actors by hour and verb, in that order. `from` and `until` are the beginnings of times. */
  hours(from = '', until = '9999'): HourOfVerb[] {
    const wanted = this.visible().filter(({ time }) => time >= from && time < until);
    const hours = Map.groupBy(wanted, ({ time, verb }) => `${time.slice(0, '2019-02-10T12'.length)} ${verb}`);
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
    const [from, until] = [latest - (hours - 1) * HOUR, latest + HOUR].map((hour) =>
      new Date(hour).toISOString().slice(0, '2019-02-10T12'.length),
    );
    const byHour = Map.groupBy(this.hours(from, until), ({ hour }) => hour);
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

  private of(feed: PagedFeed, reader: UserId, of?: UserId): Activity[] {
    const single = feed === 'my' ? reader : of;
    const actors = single === undefined ? [...(this.followees.get(reader) ?? [])] : [single];
    const isVisible = this.hidings.visibleTo(reader, feed === 'friends' ? 'unasked' : 'asked');
    return this.activities.of(actors).filter(isVisible);
  }

  private visible(): Activity[] {
    return this.once('visible', () => this.activities.visible());
  }
}

const dayOf = (time: string) => time.slice(0, '2019-02-10'.length);

const byTime = (a: Activity, b: Activity) => ((a.time === b.time ? a.eventId < b.eventId : a.time < b.time) ? -1 : 1);

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
